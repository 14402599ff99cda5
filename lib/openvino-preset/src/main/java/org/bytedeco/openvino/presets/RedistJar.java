package org.bytedeco.openvino.presets;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/** The jar with OpenVINO's own libraries, whose classifier ends in {@code -redist}. */
final class RedistJar {
  private RedistJar() {}

  /**
   * The folder with the jar's libraries, which JavaCPP unpacks where they are not there yet; empty
   * if no such jar for this system is on the class path.
   *
   * @throws IllegalStateException if they cannot be unpacked
   */
  static Optional<Path> unpacked() {
    URL libraries =
        NativeRuntime.resource("org/bytedeco/openvino/" + Loader.getPlatform() + "/redist");
    if (libraries == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Loader.cacheResource(libraries).toPath());
    } catch (IOException e) {
      throw new IllegalStateException(
          """
          The libraries in %s cannot be unpacked: %s. They need a folder that can be written to, \
          with 100 MB of space: -Dovchat.cache=FOLDER names one."""
              .formatted(libraries, e.getMessage()),
          e);
    }
  }
}
