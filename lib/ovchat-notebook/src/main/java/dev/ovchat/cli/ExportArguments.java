package dev.ovchat.cli;

import static java.util.stream.Collectors.joining;

import dev.ovchat.export.BackupPrecision;
import dev.ovchat.export.Export;
import dev.ovchat.export.ExportCommand;
import dev.ovchat.export.ExportException;
import dev.ovchat.export.ExportResult;
import dev.ovchat.export.GroupSizeFallback;
import dev.ovchat.export.Int4Defaults;
import dev.ovchat.export.WeightFormat;
import dev.ovchat.progress.ProgressLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The documented command's arguments, with its names and its values as defaults. */
@Command(
    name = "./scripts/export",
    description =
        "Exports a model to OpenVINO, with the documented optimum-cli command's arguments.%n",
    sortOptions = false)
final class ExportArguments implements Callable<Integer> {
  private static final ExportCommand DOCUMENTED = ExportCommand.documented();
  private static final Pattern HUB_ID = Pattern.compile("\\w[\\w.-]*/\\w[\\w.-]*(?<!\\.gguf)");

  /** The width of the terminal; the script sets it where there is one. */
  private static final String COLUMNS = "ovchat.columns";

  private static final String JAVA_ENGINE = "java";
  private static final String WEIGHT_FORMAT = "--weight-format";
  private static final String ADAPTER = "--adapter";

  /** Options of compression, which say nothing about weights that stay as they are. */
  private static final List<String> OF_COMPRESSION =
      List.of(
          "--group-size",
          "--group-size-fallback",
          "--ratio",
          "--sym",
          "--all-layers",
          "--backup-precision",
          "--awq");

  @Spec private CommandSpec spec;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description =
          "directory of a checkpoint, GGUF file, or id on the hub (default: ${DEFAULT-VALUE})")
  private String model;

  @Option(
      names = "--revision",
      paramLabel = "NAME",
      description = "branch, tag or commit of a model on the hub (default: its main branch)")
  private Optional<String> revision;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = "with-past: with a KV cache; there is no other (default: ${DEFAULT-VALUE})")
  private String task;

  @Option(
      names = WEIGHT_FORMAT,
      paramLabel = "FORMAT",
      description =
          "fp32, fp16, int8, int4, nf4, mxfp4, cb4, or original: as they are, like a GGUF file's without"
              + " this option; int4 without any further option of compression has optimum-cli's own"
              + " values for the model, which are printed; of a GGUF file, which optimum-cli does not"
              + " export, the documented ones (default: ${DEFAULT-VALUE})")
  private WeightFormat weightFormat;

  @Option(
      names = "--group-size",
      paramLabel = "N",
      description =
          "weights that share a scale, -1 for a whole row; of int4 (default: ${DEFAULT-VALUE}), nf4 (128)"
              + " and cb4 (-1)")
  private int groupSize;

  @Option(
      names = "--group-size-fallback",
      defaultValue = "error",
      paramLabel = "WAY",
      description =
          "matrices whose rows the group size does not divide: error, ignore: they keep the"
              + " checkpoint's precision, or adjust: groups of the largest power of two that divides"
              + " their rows, below 32 the backup precision; not with mxfp4"
              + " (default: ${DEFAULT-VALUE})")
  private GroupSizeFallback groupSizeFallback;

  @Option(
      names = "--ratio",
      paramLabel = "SHARE",
      description =
          "share of the weights that get four bits, 0 to 1; of int4 (default: ${DEFAULT-VALUE}), nf4, mxfp4"
              + " and cb4 (1)")
  private double ratio;

  @Option(
      names = "--sym",
      negatable = true,
      fallbackValue = "true",
      description = "symmetric quantization; of int4 and int8 (default: ${DEFAULT-VALUE})")
  private boolean symmetric;

  @Option(
      names = "--all-layers",
      description = "let the embedding and the last layer have four bits, too (default: false)")
  private boolean allLayers;

  @Option(
      names = "--backup-precision",
      defaultValue = "int8_asym",
      paramLabel = "PRECISION",
      description =
          "none, int8_sym or int8_asym: of weights that do not get four bits; with mxfp4 they are"
              + " floats of 8 bits without this option (default: ${DEFAULT-VALUE})")
  private BackupPrecision backupPrecision;

  @Option(
      names = "--awq",
      description =
          "scale columns of weights to like magnitudes before they get four bits; of int4, nf4 and"
              + " cb4; without a data set (default: false)")
  private boolean awq;

  @Option(
      names = ADAPTER,
      paramLabel = "DIR[=WEIGHT]",
      description =
          "LoRA adapter to merge, a directory as PEFT saves it, and the factor of what it adds, such"
              + " as 0.5 (default: 1); may be repeated")
  private List<AdapterArgument> adapters = List.of();

  @Option(
      names = "--trust-remote-code",
      negatable = true,
      fallbackValue = "true",
      description = "accepted; no code of a checkpoint is ever run (default: ${DEFAULT-VALUE})")
  @SuppressWarnings("UnusedVariable") // no code is run that could be trusted
  private boolean trustRemoteCode;

  @Option(
      names = "--engine",
      defaultValue = JAVA_ENGINE,
      paramLabel = "ENGINE",
      description =
          "java, or optimum: the documented command itself, in a Python environment of 6 GB, with"
              + " all its arguments (default: ${DEFAULT-VALUE})")
  private String engine;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIRECTORY",
      description =
          "model directory to make; that of a GGUF file is named after it (default: ${DEFAULT-VALUE})")
  private Path givenDirectory;

  static CommandLine commandLine() {
    return new CommandLine(new ExportArguments())
        .setDefaultValueProvider(ExportArguments::documented)
        .setUsageHelpWidth(Math.max(60, Integer.getInteger(COLUMNS, 100)))
        .registerConverter(AdapterArgument.class, AdapterArgument.CONVERTER)
        .registerConverter(WeightFormat.class, value -> choice(WeightFormat.class, value))
        .registerConverter(GroupSizeFallback.class, value -> choice(GroupSizeFallback.class, value))
        .registerConverter(BackupPrecision.class, value -> choice(BackupPrecision.class, value));
  }

  /** The documented command's value; the directory is relative to the notebooks'. */
  private static String documented(ArgSpec argument) {
    if (argument instanceof OptionSpec option) {
      return DOCUMENTED.value(option.longestName()).orElse(null);
    }
    return notebooks().resolve(DOCUMENTED.directory()).toString();
  }

  private static Path notebooks() {
    return Path.of(System.getProperty("ovchat.root", "."), "notebooks");
  }

  /** The directory that is given; without one, a GGUF file gets one that is named after it. */
  private Path target() {
    boolean isGiven = spec.commandLine().getParseResult().hasMatchedPositional(0);
    Path file = Path.of(model);
    if (isGiven || !Files.isRegularFile(file)) {
      return givenDirectory;
    }
    String name = file.getFileName().toString().replaceFirst("(-\\d{5}-of-\\d{5})?\\.gguf$", "");
    return notebooks().resolve("model").resolve(name);
  }

  private static <E extends Enum<E>> E choice(Class<E> type, String value) {
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> name(each).equals(value))
        .findAny()
        .orElseThrow(
            () -> new TypeConversionException(noneOf(value, List.of(type.getEnumConstants()))));
  }

  private static String name(Object choice) {
    return choice.toString().toLowerCase(Locale.ROOT);
  }

  private static String noneOf(String value, List<?> choices) {
    String known = choices.stream().map(ExportArguments::name).collect(joining(", "));
    return "%s is none of %s. %s".formatted(value, known, ExportMain.OTHER_ENGINE);
  }

  @Override
  public Integer call() throws InterruptedException {
    require("--task", task, DOCUMENTED.value("--task").orElseThrow());
    require("--engine", engine, JAVA_ENGINE);
    Path local = Path.of(model);
    Export export = export(local); // what is wrong shows before a download
    Path directory = target();
    Export.requireFree(directory);
    adapters.forEach(adapter -> Export.requireAdapter(adapter.directory()));
    if (!Files.exists(local)) {
      Optional<Path> snapshot = new HubDownload(downloader(), model, revision).checkpoint();
      if (snapshot.isEmpty()) {
        return CommandLine.ExitCode.SOFTWARE;
      }
      export = export(snapshot.get());
    }
    optimumDefaults().ifPresent(System.out::println);
    System.out.println(run(export, directory));
    return CommandLine.ExitCode.OK;
  }

  /** The program that downloads a model from the hub; the script sets it. */
  private String downloader() {
    String program = System.getProperty("ovchat.download");
    if (program == null || !HUB_ID.matcher(model).matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "There is no checkpoint directory or GGUF file %s, and it is no id on the hub such as %s."
              .formatted(model, DOCUMENTED.value("--model").orElseThrow()));
    }
    return program;
  }

  private ExportResult run(Export export, Path directory) {
    Integer columns = Integer.getInteger(COLUMNS);
    if (columns == null) {
      return export.progress(new ProgressLog(System.out)).to(directory);
    }
    try (ProgressLine line = ProgressLine.onTerminal(columns)) {
      return export.progress(line).to(directory);
    }
  }

  private void require(String option, String value, String only) {
    if (!value.equals(only)) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '%s': %s".formatted(option, noneOf(value, List.of(only))));
    }
  }

  private boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  /**
   * The values that optimum-cli takes where int4 is asked for, and no other option of compression
   * given.
   */
  private Optional<Int4Defaults> optimumDefaults() {
    boolean isPlain =
        isGiven(WEIGHT_FORMAT)
            && weightFormat == WeightFormat.INT4
            && OF_COMPRESSION.stream().noneMatch(this::isGiven);
    return isPlain && !Files.isRegularFile(Path.of(model)) // which optimum-cli does not take
        ? Optional.of(Int4Defaults.of(model))
        : Optional.empty();
  }

  /** Refuses options of compression for weights that stay as they are: they would do nothing. */
  private void requireCompression(String format) {
    OF_COMPRESSION.stream()
        .filter(this::isGiven)
        .findFirst()
        .ifPresent(
            option -> {
              throw new ParameterException(
                  spec.commandLine(),
                  "%s says how weights are compressed, and those of %s stay as they are (%s %s); add --weight-format %s."
                      .formatted(
                          option, model, WEIGHT_FORMAT, format, awq ? "int4" : "int4 or int8"));
            });
  }

  private Export withAdapters(Export export) {
    Export all = export;
    for (AdapterArgument adapter : adapters) {
      all = all.adapter(adapter.directory(), adapter.weight());
    }
    return all;
  }

  private Export export(Path checkpoint) {
    boolean isFile = Files.isRegularFile(checkpoint);
    WeightFormat format = isFile && !isGiven(WEIGHT_FORMAT) ? WeightFormat.ORIGINAL : weightFormat;
    if (format == WeightFormat.ORIGINAL) {
      requireCompression(name(format));
    }
    try {
      Optional<Int4Defaults> defaults = optimumDefaults();
      if (defaults.isPresent()) {
        return withAdapters(Export.of(checkpoint)).defaults(defaults.get());
      }
      Export export =
          withAdapters(Export.of(checkpoint))
              .weightFormat(format)
              .groupSizeFallback(groupSizeFallback)
              .symmetric(symmetric)
              .allLayers(allLayers)
              .awq(awq);
      // Defaults depend on the format.
      export = isGiven("--group-size") ? export.groupSize(groupSize) : export;
      export = isGiven("--ratio") ? export.ratio(ratio) : export;
      return isGiven("--backup-precision") ? export.backupPrecision(backupPrecision) : export;
    } catch (ExportException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
