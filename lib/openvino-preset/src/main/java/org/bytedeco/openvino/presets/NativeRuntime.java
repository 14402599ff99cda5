package org.bytedeco.openvino.presets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * Finds the native OpenVINO runtime: the folder that holds {@code libopenvino_c.so} ({@code
 * libopenvino_c.dylib} on macOS, {@code openvino_c.dll} on Windows) and the libraries beside it.
 *
 * <p>These places are looked at, in this order; the first one that holds the library is taken:
 *
 * <ol>
 *   <li>the folder named by the system property {@value #PROPERTY};
 *   <li>the folder named by the environment variable {@value #VARIABLE};
 *   <li>the jar of this preset whose classifier ends in {@code -redist}, if it is on the class
 *       path: JavaCPP unpacks its libraries into its cache, {@code ~/.javacpp/cache} or the folder
 *       that the system property {@code org.bytedeco.javacpp.cachedir} names;
 *   <li>the {@code openvino} wheel of the project's environment: {@code $OVCHAT_HOME/openvino/libs}
 *       (the kernel spec and the scripts set {@code OVCHAT_HOME}), then the active virtual
 *       environment's, {@code $VIRTUAL_ENV/lib/python3.x/site-packages/openvino/libs};
 *   <li>an installed OpenVINO: {@code $INTEL_OPENVINO_DIR} (which its {@code setupvars.sh} sets),
 *       {@code /opt/intel/openvino*}, then the system's library folder.
 * </ol>
 *
 * <p>A place named by the property or the variable is binding: if the library is not there, the
 * search ends with an error instead of taking another runtime without a word. The jar comes before
 * all that happens to be installed, since it is of the version that the program was built with.
 */
public final class NativeRuntime {
  /** System property that names the runtime's folder. */
  public static final String PROPERTY = "openvino.libs";

  /** Environment variable that names the runtime's folder. */
  public static final String VARIABLE = "OPENVINO_LIBS";

  private NativeRuntime() {}

  /**
   * Absolute path of OpenVINO's C library.
   *
   * @throws UnsatisfiedLinkError if no place holds it; the message lists the places
   */
  public static Path locate() {
    return locate(System::getProperty, System::getenv, Path.of("/"));
  }

  /**
   * The systems whose native libraries are on the class path in place of this one's, by JavaCPP's
   * names; empty where this system's are there.
   */
  public static List<String> foreignPlatforms() {
    List<String> platforms =
        RuntimeNames.PLATFORMS.stream()
            .filter(it -> resource("org/bytedeco/openvino/" + it) != null)
            .toList();
    return platforms.contains(Loader.getPlatform()) ? List.of() : platforms;
  }

  // By the class loader: on the module path a system's jar is another module.
  static URL resource(String name) {
    return NativeRuntime.class.getClassLoader().getResource(name);
  }

  /** The same search on given properties, variables and file-system root. */
  static Path locate(UnaryOperator<String> property, UnaryOperator<String> variable, Path root) {
    return locate(RuntimeNames.HERE, property, variable, RedistJar::unpacked, root);
  }

  static Path locate(
      RuntimeNames names,
      UnaryOperator<String> property,
      UnaryOperator<String> variable,
      Supplier<Optional<Path>> jar,
      Path root) {
    for (String named : new String[] {property.apply(PROPERTY), variable.apply(VARIABLE)}) {
      if (named != null && !named.isBlank()) {
        Path place = Path.of(named);
        return libraryIn(place, names).orElseThrow(() -> missing(names, List.of(place)));
      }
    }
    Optional<Path> unpacked = jar.get();
    if (unpacked.isPresent()) {
      return libraryIn(unpacked.get(), names)
          .orElseThrow(() -> missing(names, List.of(unpacked.get())));
    }
    List<Path> places = usualPlaces(names, variable, root);
    return places.stream()
        .flatMap(place -> libraryIn(place, names).stream())
        .findFirst()
        .orElseThrow(() -> missing(names, places));
  }

  private static List<Path> usualPlaces(
      RuntimeNames names, UnaryOperator<String> variable, Path root) {
    List<Path> places = new ArrayList<>();
    folder(variable, "OVCHAT_HOME").ifPresent(home -> places.add(home.resolve("openvino/libs")));
    folder(variable, "VIRTUAL_ENV")
        .ifPresent(
            environment ->
                children(environment.resolve("lib"), "python3*").stream()
                    .map(python -> python.resolve("site-packages/openvino/libs"))
                    .forEach(places::add));
    folder(variable, "INTEL_OPENVINO_DIR")
        .ifPresent(installed -> places.add(installed.resolve(names.installed())));
    children(root.resolve("opt/intel"), "openvino*").stream()
        .map(installed -> installed.resolve(names.installed()))
        .forEach(places::add);
    names.system().map(root::resolve).ifPresent(places::add);
    return places;
  }

  private static Optional<Path> folder(UnaryOperator<String> variable, String name) {
    return Optional.ofNullable(variable.apply(name)).filter(v -> !v.isBlank()).map(Path::of);
  }

  /** Takes the versioned file ({@code libopenvino_c.so.2641}) as well as the plain name. */
  private static Optional<Path> libraryIn(Path place, RuntimeNames names) {
    return children(place, names.pattern()).stream().findFirst().map(Path::toAbsolutePath);
  }

  private static List<Path> children(Path folder, String pattern) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var matcher = folder.getFileSystem().getPathMatcher("glob:" + pattern);
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(entry -> matcher.matches(entry.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder + ": " + e.getMessage(), e);
    }
  }

  private static UnsatisfiedLinkError missing(RuntimeNames names, List<Path> places) {
    return new UnsatisfiedLinkError(
        """
        %s is in none of these folders: %s. \
        Name its folder with -D%s=FOLDER or %s=FOLDER."""
            .formatted(
                names.library(),
                String.join(", ", places.stream().map(Path::toString).toList()),
                PROPERTY,
                VARIABLE));
  }
}
