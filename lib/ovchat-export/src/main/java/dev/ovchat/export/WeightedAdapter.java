package dev.ovchat.export;

import java.nio.file.Path;

/**
 * An adapter that an export merges.
 *
 * @param directory the adapter, as PEFT saves it
 * @param weight the factor of what it adds; finite
 */
record WeightedAdapter(Path directory, double weight) {
  WeightedAdapter {
    if (!Double.isFinite(weight)) {
      throw new ExportException(
          "The weight of the adapter %s is %s; take a finite number, such as 0.5."
              .formatted(directory, weight));
    }
  }

  /** The directory's name and the weight, for the model's rt_info. */
  @Override
  public String toString() {
    return directory.toAbsolutePath().normalize().getFileName() + "=" + weight;
  }
}
