import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import run.endive.build.time.compiler.Config;
import run.endive.build.time.compiler.Generator;
import run.endive.compiler.InterpreterFallback;

/**
 * Turns a WebAssembly module into class files while the jar is built, so that it starts quickly.
 *
 * <p>Endive's Maven plugin does the same, but asks for a newer Maven than most machines have.
 */
class CompileModule {
  /** Arguments: the module, the name of the class, the folder for class files. */
  public static void main(String[] arguments) throws IOException {
    Path module = Path.of(arguments[0]);
    String name = arguments[1];
    Path classes = Path.of(arguments[2]);
    Path last = classes.resolve(name.replace('.', '/') + ".meta");
    if (Files.exists(last)
        && Files.getLastModifiedTime(last).compareTo(Files.getLastModifiedTime(module)) > 0) {
      return;
    }
    var generator =
        new Generator(
            Config.builder()
                .withWasmFile(module)
                .withName(name)
                .withTargetClassFolder(classes)
                .withTargetSourceFolder(classes)
                .withTargetWasmFolder(classes)
                .withInterpreterFallback(InterpreterFallback.FAIL)
                .withInterpretedFunctions(Set.of())
                .build());
    generator.generateMetaWasm(generator.generateResources());
  }
}
