package dev.ovchat.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The value of {@code --adapter}, DIR or DIR=WEIGHT. An equals sign may be part of the path: of a
 * directory that is there, or before a slash.
 *
 * @param directory the adapter
 * @param weight the factor of what it adds
 */
record AdapterArgument(Path directory, double weight) {
  static final ITypeConverter<AdapterArgument> CONVERTER = AdapterArgument::of;

  private static AdapterArgument of(String value) {
    int equals = value.lastIndexOf('=');
    if (equals <= value.lastIndexOf('/') || Files.isDirectory(Path.of(value))) {
      return new AdapterArgument(Path.of(value), 1);
    }
    String weight = value.substring(equals + 1);
    try {
      return new AdapterArgument(Path.of(value.substring(0, equals)), Double.parseDouble(weight));
    } catch (NumberFormatException e) {
      throw new TypeConversionException(
          "%s has the weight '%s'; write a number after the equals sign, such as %s=0.5."
              .formatted(value, weight, value.substring(0, equals)));
    }
  }
}
