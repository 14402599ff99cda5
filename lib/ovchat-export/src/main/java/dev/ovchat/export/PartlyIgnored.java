package dev.ovchat.export;

import dev.ovchat.compress.Storage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Leaves some matrices as they are, and chooses for the others as if those were not there. */
record PartlyIgnored(OriginalFormats ignored, Precisions others) implements StorageChoice {
  @Override
  public List<Matrix> measured() {
    return Stream.concat(ignored.measured().stream(), others.measured().stream()).toList();
  }

  @Override
  public Map<String, Storage> choose(WeightStream stream)
      throws InterruptedException, ExecutionException {
    Map<String, Storage> chosen = new HashMap<>(ignored.choose(stream));
    chosen.putAll(others.choose(stream));
    return chosen;
  }
}
