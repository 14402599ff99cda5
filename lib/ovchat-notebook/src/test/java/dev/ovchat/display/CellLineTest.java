package dev.ovchat.display;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.progress.StatusLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CellLineTest {
  @Test
  void inACellTheSameDisplayIsUpdated() {
    List<String> calls = new ArrayList<>();
    AtomicReference<String> shownId = new AtomicReference<>();
    Kernel kernel =
        new Kernel() {
          @Override
          public void takeOver() {
            throw new UnsupportedOperationException();
          }

          @Override
          public <T> void register(MimeFormats<T> look) {
            throw new UnsupportedOperationException();
          }

          @Override
          public void show(String id, Map<String, String> forms) {
            shownId.set(id);
            calls.add("show " + forms.get("text/plain"));
          }

          @Override
          public void update(String id, Map<String, String> forms) {
            calls.add(
                (id.equals(shownId.get()) ? "update " : "another ") + forms.get("text/plain"));
          }
        };
    StatusLine cell = new CellLine(kernel);
    cell.write("a");
    cell.write("b");
    cell.end();
    assertThat(calls).containsExactly("show a", "update b");
  }
}
