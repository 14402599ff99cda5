package dev.ovchat.spark;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.bytedeco.openvino.presets.NativeRuntime;

/** Sessions of Spark that know ovchat, for notebooks and other drivers. */
public final class Sessions {
  private Sessions() {}

  /**
   * Starts a session, or returns the one that is there.
   *
   * @param master {@code local[*]} for this machine alone, or the address of a cluster, such as
   *     {@code spark://host:7077}. Its machines get ovchat's jars from this one; OpenVINO they have
   *     at the same place as this one
   * @throws DatasetException if the jars are not beside each other, as set-up leaves them
   */
  public static SparkSession start(String master) {
    return start(master, Map.of("spark.executor.extraJavaOptions", openvino(libraries())));
  }

  /**
   * Same as above, for a cluster whose machines have nothing: they get OpenVINO and the model from
   * an archive that {@code ./scripts/bundle --spark} has made. Its model is {@code
   * archive/ovchat/model} there.
   */
  public static SparkSession start(String master, Path archive) {
    return start(
        master,
        Map.of(
            "spark.archives",
            archive.toUri() + "#archive", // where a path's spaces are written as a URI has them
            "spark.executor.extraJavaOptions",
            openvino("archive/ovchat/openvino/libs")));
  }

  private static SparkSession start(String master, Map<String, String> ofCluster) {
    Map<String, String> settings = new LinkedHashMap<>(Prompts.settings());
    if (!master.startsWith("local")) {
      settings.put("spark.jars", jars());
      settings.putAll(ofCluster);
    }
    var builder =
        SparkSession.builder()
            .appName("ovchat")
            .master(master)
            .config("spark.ui.enabled", false)
            // The older classes for days and times take a JVM that is opened to them.
            .config("spark.sql.datetime.java8API.enabled", true);
    settings.forEach(builder::config);
    return builder.getOrCreate();
  }

  private static String libraries() {
    return NativeRuntime.locate().getParent().toString();
  }

  private static String openvino(String libraries) {
    return "\"-D" + NativeRuntime.PROPERTY + "=" + libraries + "\""; // a path may have spaces
  }

  /** ovchat's jars, and those that it needs and Spark does not have. */
  private static String jars() {
    Path own = own();
    Path spark = own.resolveSibling("spark");
    try (Stream<Path> needed = Files.list(own.resolveSibling("dependency"))) {
      return Stream.concat(
              Stream.of(own),
              needed.filter(jar -> !Files.exists(spark.resolve(jar.getFileName()))).sorted())
          .map(Path::toString)
          .collect(Collectors.joining(","));
    } catch (IOException e) {
      throw new DatasetException(
          "The jars beside %s cannot be read: %s. ./scripts/setup spark brings them."
              .formatted(own, e.getMessage()),
          e);
    }
  }

  private static Path own() {
    var source = Sessions.class.getProtectionDomain().getCodeSource();
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new DatasetException("ovchat's jar has no place on the disk: " + source + ".", e);
    }
  }
}
