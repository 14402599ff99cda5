package dev.ovchat.experiment;

import dev.ovchat.files.JsonFile;
import dev.ovchat.files.JsonText;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The result of a tuning: the model directory and the config to take on this machine. It is kept in
 * a file {@code tuned.json} beside the model directory, which names that by its last name, so that
 * the folder of both can be moved.
 *
 * <pre>{@code
 * results.tuned().save();
 * CausalLM model = Tuned.load(Path.of("model/tuned"));
 * }</pre>
 *
 * @param modelDirectory the model directory
 * @param device the device that it was tuned for
 * @param config the config to load it with
 * @param found whether the pair is another one than the baseline's
 * @param evidence the evidence for it, in words
 * @param machine what it was measured on: the processor, its instruction sets and threads, and
 *     OpenVINO's version, by these names
 * @param date day of the tuning, in ISO 8601, UTC
 */
public record Tuned(
    Path modelDirectory,
    Device device,
    Map<String, String> config,
    boolean found,
    String evidence,
    Map<String, String> machine,
    String date) {
  private static final String FILE = "tuned.json";
  private static final long LARGEST = 1_000_000;
  private static final String REMEDY = " Tune again, and save it: results.tuned().save().";

  /** Copies the maps. */
  public Tuned {
    config = Collections.unmodifiableMap(new TreeMap<>(config));
    machine = Collections.unmodifiableMap(new LinkedHashMap<>(machine));
  }

  /**
   * Loads the model that was found to be the best here, with its config.
   *
   * @param directory the folder that holds {@code tuned.json}, or a model directory beside it
   * @throws ExperimentException if there is no such file, or it was tuned on another processor,
   *     with another number of threads, or another version of OpenVINO; the message says what to do
   * @throws UnusableFileException if the file is not what it has to be
   * @throws RuntimeException as {@link CausalLM#load}
   */
  public static CausalLM load(Path directory) {
    Tuned tuned = read(directory);
    tuned.requireThisMachine(Provenance.machine());
    return CausalLM.load(tuned.modelDirectory(), tuned.device(), tuned.config());
  }

  /**
   * Reads what was found, wherever that was.
   *
   * @param directory as for {@link #load}
   * @throws ExperimentException if there is no {@code tuned.json}
   * @throws UnusableFileException if the file is not what it has to be
   */
  public static Tuned read(Path directory) {
    Path folder = directory.toAbsolutePath().normalize();
    Path file =
        Stream.of(folder, folder.resolveSibling(""))
            .filter(place -> Files.isDirectory(folder))
            .map(place -> place.resolve(FILE))
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(
                () ->
                    new ExperimentException(
                        "There is nothing tuned in %s: tune the model with Tuning.of(checkpoint, device), and keep what it finds with results.tuned().save()."
                            .formatted(directory)));
    return parse(file);
  }

  private static Tuned parse(Path file) {
    JsonFile json = JsonFile.read(file, LARGEST, REMEDY);
    String model = text(json, "model");
    Path name = Path.of(model).getFileName();
    if (name == null || !name.toString().equals(model) || List.of(".", "..").contains(model)) {
      throw new UnusableFileException(
          "%s: model is \"%s\", but has to be the name of a directory beside it.%s"
              .formatted(file, model, REMEDY));
    }
    return new Tuned(
        file.resolveSibling(model),
        new Device(text(json, "device")),
        texts(json, "config"),
        json.truth("found", false),
        text(json, "evidence"),
        texts(json, "machine"),
        text(json, "date"));
  }

  private static String text(JsonFile json, String field) {
    String text = json.text(field, "");
    if (text.isBlank()) {
      throw new UnusableFileException(
          "%s lacks the field %s.%s".formatted(json.path(), field, REMEDY));
    }
    return text;
  }

  private static Map<String, String> texts(JsonFile json, String field) {
    return json.object(field)
        .orElseThrow(
            () ->
                new UnusableFileException(
                    "%s lacks the field %s.%s".formatted(json.path(), field, REMEDY)))
        .texts();
  }

  /**
   * @param here the same of this machine
   */
  void requireThisMachine(Map<String, String> here) {
    for (var value : here.entrySet()) {
      String there = machine.getOrDefault(value.getKey(), "");
      if (!value.getValue().equals(there)) {
        throw new ExperimentException(
            "%s was tuned elsewhere: %s is \"%s\" there, and \"%s\" here. Tune again on this machine, or load it all the same: CausalLM.load(tuned.modelDirectory(), tuned.device(), tuned.config()) with tuned = Tuned.read(directory)."
                .formatted(modelDirectory, value.getKey(), there, value.getValue()));
      }
    }
  }

  /**
   * Writes it to {@code tuned.json} beside the model directory.
   *
   * @return the file
   * @throws ExperimentException if it cannot be written
   */
  public Path save() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", modelDirectory.toAbsolutePath().normalize().getFileName().toString());
    fields.put("device", device.name());
    fields.put("config", config);
    fields.put("found", found);
    fields.put("evidence", evidence);
    fields.put("machine", machine);
    fields.put("date", date);
    Path file = modelDirectory.resolveSibling(FILE);
    NewFile.write(file, JsonText.inLines(fields) + "\n");
    return file;
  }

  /** The evidence. */
  @Override
  public String toString() {
    return evidence;
  }
}
