package dev.ovchat.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ovchat.files.JsonText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("ArrayRecordComponent") // users may have them
class RecordSchemaTest {
  enum Sky {
    CLEAR,
    CLOUDY {
      @Override
      public String toString() {
        return "grey";
      }
    }
  }

  @Description("A place on the map")
  record Place(@Description("In degrees") double latitude, double longitude) {}

  record City(
      @Description("The city's name") String name,
      int population,
      Place place,
      @Description("Other names") List<String> alsoCalled,
      Optional<Sky> sky,
      Map<String, Boolean> open) {
    City {
      if (name.isBlank()) {
        throw new IllegalArgumentException("a city has a name");
      }
    }
  }

  record Numbers(Short s, long l, float f, Double d, BigInteger i, BigDecimal x, int[] a) {}

  record Node(String value, Set<Node> next) {}

  record Nothing() {}

  record Dated(LocalDate day) {}

  record Loose(List<Object> things) {}

  record Keyed(Map<Integer, String> names) {}

  record Bytes(byte[] bytes) {}

  record Letter(char letter) {}

  record Inner(List<Optional<String>> list) {}

  record Small(byte b) {}

  record Pair<T>(T first) {}

  private static final RecordSchema<City> CITY = RecordSchema.of(City.class);
  private static final String PARIS =
      """
      {"name": "Paris", "population": 2100000, "place": {"latitude": 48.9, "longitude": 2},
       "alsoCalled": ["Lutetia"], "sky": "CLOUDY", "open": {"Louvre": true}}\
      """;

  @Test
  void aSchemaHasTheComponentsInTheirOrder() {
    assertThat(CITY.json())
        .isEqualTo(
            JsonText.of(
                JsonText.map(
                    """
                    {"type": "object", "properties": {
                      "name": {"type": "string", "description": "The city's name"},
                      "population": {"type": "integer", "minimum": -2147483648, "maximum": 2147483647},
                      "place": {"type": "object", "properties": {
                        "latitude": {"type": "number", "description": "In degrees"},
                        "longitude": {"type": "number"}},
                        "required": ["latitude", "longitude"], "description": "A place on the map",
                        "additionalProperties": false},
                      "alsoCalled": {"description": "Other names", "type": "array", "items": {"type": "string"}},
                      "sky": {"type": "string", "enum": ["CLEAR", "CLOUDY"]},
                      "open": {"type": "object", "additionalProperties": {"type": "boolean"}}},
                     "required": ["name", "population", "place", "alsoCalled", "open"],
                     "additionalProperties": false}
                    """)));
    assertThat(JsonText.of(CITY.map())).isEqualTo(CITY.json());
  }

  @Test
  void promptsHaveTheSchemaWithoutBounds() {
    assertThat(JsonText.of(RecordSchema.of(Place.class).brief()))
        .isEqualTo(
            """
            {"type":"object","properties":{"latitude":{"type":"number","description":"In degrees"},\
            "longitude":{"type":"number"}},"required":["latitude","longitude"],"description":"A place on the map"}\
            """);
    assertThat(CITY.brief().toString()).doesNotContain("minimum", "additionalProperties=false");
    assertThat(RecordSchema.of(Nothing.class).brief())
        .isEqualTo(Map.of("type", "object", "properties", Map.of()));
  }

  @Test
  void jsonIsReadIntoTheRecord() {
    City paris =
        new City(
            "Paris",
            2_100_000,
            new Place(48.9, 2),
            List.of("Lutetia"),
            Optional.of(Sky.CLOUDY),
            Map.of("Louvre", true));
    assertThat(CITY.read(PARIS)).isEqualTo(paris);
    assertThat(CITY.read(JsonText.map(PARIS))).isEqualTo(paris);
    assertThat(CITY.read(PARIS.replace("\"CLOUDY\"", "null")).sky()).isEmpty();
    assertThat(CITY.read(PARIS.replace("\"sky\": \"CLOUDY\", ", "")).sky()).isEmpty();
    assertThat(RecordSchema.of(Nothing.class).read("{}")).isEqualTo(new Nothing());
  }

  @Test
  void recordsMayContainThemselves() {
    var schema = RecordSchema.of(Node.class);
    assertThat(schema.json()).contains("\"$ref\":\"#\"");
    assertThat(schema.read("{\"value\": \"a\", \"next\": [{\"value\": \"b\", \"next\": []}]}"))
        .isEqualTo(new Node("a", Set.of(new Node("b", Set.of()))));
  }

  @Test
  void numbersOfAllTypesAreRead() {
    var schema = RecordSchema.of(Numbers.class);
    String json =
        """
        {"s": 32767, "l": 9223372036854775807, "f": 0.5, "d": 1e-300, "i": 123456789012345678901,
         "x": 0.10000000000000000000001, "a": [1, 2]}\
        """;
    Numbers numbers = schema.read(json);
    assertThat(numbers.s()).isEqualTo(Short.MAX_VALUE);
    assertThat(numbers.l()).isEqualTo(Long.MAX_VALUE);
    assertThat(numbers.d()).isEqualTo(1e-300);
    assertThat(numbers.i()).isEqualTo("123456789012345678901");
    assertThat(numbers.x()).isEqualTo("0.10000000000000000000001");
    assertThat(numbers.a()).containsExactly(1, 2);
    assertThat(schema.read(json.replace("0.10000000000000000000001", "1e400")).x())
        .isEqualTo("1e400");
    assertThatExceptionOfType(SchemaException.class)
        .isThrownBy(() -> schema.read(json.replace("32767", "32768")))
        .withMessage(
            "This is not a Numbers: s has to be an integer from -32768 to 32767, and is 32768.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "\"Paris\", ! 5, ! name has to be a text, and is 5",
        "\"Paris\", ! null, ! name has to be a text, and is null",
        "\"Paris\", ! true, ! name has to be a text, and is true",
        "\"name\": \"Paris\", ! `` ! name is missing",
        "\"Paris\", ! \" \", ! the record refuses the values: a city has a name",
        "2100000 ! \"many\" ! population has to be an integer from -2147483648 to 2147483647, and is \"many\"",
        "2100000 ! \"5\" ! population has to be an integer from -2147483648 to 2147483647, and is \"5\"",
        "2100000 ! 2147483648 ! population has to be an integer from -2147483648 to 2147483647, and is 2147483648",
        "2100000 ! 1.5 ! population has to be an integer from -2147483648 to 2147483647, and is 1.5",
        "2100000 ! null ! population has to be an integer from -2147483648 to 2147483647, and is null",
        "48.9 ! \"far\" ! place.latitude has to be a number, and is \"far\"",
        "48.9 ! \"NaN\" ! place.latitude has to be a number, and is \"NaN\"",
        "48.9 ! 1e400 ! place.latitude has to be a smaller number, and is 1E+400",
        ", \"longitude\": 2 ! `` ! place.longitude is missing",
        "[\"Lutetia\"] ! [\"Lutetia\", null] ! alsoCalled[1] has to be a text, and is null",
        "[\"Lutetia\"] ! \"Lutetia\" ! alsoCalled has to be a list, and is \"Lutetia\"",
        "\"CLOUDY\" ! \"grey\" ! sky has to be one of CLEAR, CLOUDY, and is \"grey\"",
        "\"CLOUDY\" ! 1 ! sky has to be one of CLEAR, CLOUDY, and is 1",
        "true}} ! \"yes\"}} ! open.Louvre has to be true or false, and is \"yes\"",
        "true}} ! true}, \"mayor\": 1} ! there is no field mayor; there are name, population, place, alsoCalled, sky, open",
      })
  void whatIsNotTheRecordsIsRefusedInASentence(String before, String after, String sentence) {
    assertThatExceptionOfType(SchemaException.class)
        .isThrownBy(() -> CITY.read(PARIS.replace(before, after)))
        .withMessage("This is not a City: " + sentence + ".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "[]", "null", "\"x\""})
  void whatIsNotAnObjectIsRefused(String json) {
    assertThatExceptionOfType(SchemaException.class)
        .isThrownBy(() -> CITY.read(json))
        .withMessage("This is not a City: it has to be an object, and is " + json + ".");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "{\"name\": ! line 1, column 9: {\"name\":",
        "`` ! line 1, column 1: ",
        "{} {} ! line 1, column 5: {} {}",
        "{\"name\": \"a\", \"name\": \"b\"} ! line 1, column 21: {\"name\": \"a\", \"name\": \"b\"}",
        "Sure. ! line 1, column 1: Sure.",
      })
  void whatIsNotJsonIsRefused(String text, String end) {
    assertThatExceptionOfType(SchemaException.class)
        .isThrownBy(() -> CITY.read(text))
        .withMessageStartingWith("This is not a City, since it is not JSON, see " + end);
  }

  @Test
  void deepJsonIsRefused() {
    assertThatExceptionOfType(SchemaException.class)
        .isThrownBy(() -> CITY.read("[".repeat(1_000_000)))
        .withMessageStartingWith("This is not a City, since it is not JSON");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Dated.class,
        Loose.class,
        Keyed.class,
        Bytes.class,
        Letter.class,
        Pair.class,
        Inner.class,
        Small.class
      })
  void typesThatAreNotJsonsAreRefused(Class<? extends Record> type) {
    assertThatExceptionOfType(SchemaException.class)
        .isThrownBy(() -> RecordSchema.of(type))
        .withMessageMatching(
            "There is no JSON schema of .+; a record's components may be texts, .+ Take one of these, such as a String[.]");
  }

  @Test
  void whatIsGivenOutCannotBeChanged() {
    assertThat(CITY.map().getClass()).isEqualTo(Collections.unmodifiableMap(Map.of()).getClass());
    assertThat(CITY.type()).isEqualTo(City.class);
  }

  @Test
  void aRecordWithoutComponentsTakesNoField() {
    assertThatExceptionOfType(SchemaException.class)
        .isThrownBy(() -> RecordSchema.of(Nothing.class).read("{\"x\": 1}"))
        .withMessage("This is not a Nothing: there is no field x; there are none.");
  }

  record Silent(int value) {
    Silent {
      if (value < 0) {
        throw new IllegalArgumentException();
      }
    }
  }

  @Test
  void aConstructorMayRefuseWithoutWords() {
    assertThatExceptionOfType(SchemaException.class)
        .isThrownBy(() -> RecordSchema.of(Silent.class).read("{\"value\": -1}"))
        .withMessage(
            "This is not a Silent: the record refuses the values: IllegalArgumentException.");
  }
}
