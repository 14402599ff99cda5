package dev.ovchat.spark;

import dev.ovchat.chat.ChatMessage;
import dev.ovchat.text.TokenIds;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Reads prompts from a column.
 *
 * @param column the column's index
 * @param kind what its values are
 * @param system a system text that comes before each question; null for none
 */
record PromptReader(int column, Kind kind, String system) implements Serializable {

  /** Kind of a column's values. */
  enum Kind {
    /** Prompts, which the model reads as they are. */
    PROMPTS,
    /** Questions, each a chat of one message for the model's chat template. */
    QUESTIONS,
    /** Messages of a chat, for the model's chat template. */
    MESSAGES
  }

  /**
   * A reader for a column of texts, or of lists of messages.
   *
   * @throws DatasetException if there is no such column, or it is of another type
   */
  static PromptReader of(
      StructType schema, String column, boolean asQuestions, Optional<String> system) {
    int index = index(schema, column);
    DataType type = schema.fields()[index].dataType();
    if (type instanceof StringType) {
      return new PromptReader(
          index, asQuestions ? Kind.QUESTIONS : Kind.PROMPTS, system.orElse(null));
    }
    if (type instanceof ArrayType list && isMessage(list.elementType())) {
      if (asQuestions) {
        throw new DatasetException(
            "Column %s holds messages, not questions; leave asQuestions out.".formatted(column));
      }
      return new PromptReader(index, Kind.MESSAGES, null);
    }
    throw new DatasetException(
        "Column %s is of type %s; it has to be string, or array<struct<role:string,content:string>> for the messages of a chat."
            .formatted(column, type.simpleString()));
  }

  /** Index of a column of that name. */
  static int index(StructType schema, String column) {
    List<String> names = List.of(schema.fieldNames());
    int index = names.indexOf(column);
    if (index < 0) {
      throw new DatasetException(
          "There is no column %s; there are %s.".formatted(column, String.join(", ", names)));
    }
    return index;
  }

  private static boolean isMessage(DataType type) {
    return type instanceof StructType struct
        ? List.of(struct.fieldNames()).contains("role")
        : type instanceof MapType map && map.keyType() instanceof StringType;
  }

  /**
   * The prompt of a row.
   *
   * @throws DatasetException if the column is null there
   * @throws RuntimeException as the tokenizer and the chat template
   */
  TokenIds ids(Row row, ExecutorModel model) {
    if (row.isNullAt(column)) {
      throw new DatasetException("The prompt is null.");
    }
    String prompt =
        kind == Kind.PROMPTS
            ? row.getString(column)
            : model.chatTemplate().render(kind == Kind.QUESTIONS ? chat(row) : messages(row));
    return model.encode(prompt);
  }

  private List<ChatMessage> chat(Row row) {
    List<ChatMessage> messages = new ArrayList<>();
    if (system != null) {
      messages.add(ChatMessage.system(system));
    }
    messages.add(ChatMessage.user(row.getString(column)));
    return messages;
  }

  private List<ChatMessage> messages(Row row) {
    List<ChatMessage> messages = new ArrayList<>();
    for (Object message : row.getList(column)) {
      if (!(plain(message) instanceof Map<?, ?> fields)) {
        throw new DatasetException("A message is null.");
      }
      Map<String, Object> named = new LinkedHashMap<>();
      fields.forEach((name, value) -> named.put((String) name, value));
      messages.add(ChatMessage.of(named));
    }
    return messages;
  }

  /**
   * Spark's value as the maps, lists and texts that a message takes; fields of null are left out.
   */
  private static Object plain(Object value) {
    if (value instanceof Row row) {
      Map<String, Object> fields = new LinkedHashMap<>();
      for (int i = 0; i < row.length(); i++) {
        if (!row.isNullAt(i)) {
          fields.put(row.schema().fieldNames()[i], plain(row.get(i)));
        }
      }
      return fields;
    }
    if (value instanceof scala.collection.Map<?, ?> map) {
      Map<String, Object> fields = new LinkedHashMap<>();
      CollectionConverters.asJava(map)
          .forEach((name, field) -> fields.put((String) name, plain(field)));
      return fields;
    }
    if (value instanceof scala.collection.Seq<?> list) {
      return CollectionConverters.asJava(list).stream().map(PromptReader::plain).toList();
    }
    return value;
  }
}
