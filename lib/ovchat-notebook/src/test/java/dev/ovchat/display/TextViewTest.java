package dev.ovchat.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextViewTest {
  private final List<String> shown = new ArrayList<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private final TextView view = new TextView(Optional.of(new Shows()), waiting::add);

  /** A kernel that notes what it shows. */
  private final class Shows implements Kernel {
    private final List<String> ids = new ArrayList<>();

    @Override
    public void takeOver() {}

    @Override
    public <T> void register(MimeFormats<T> look) {}

    @Override
    public void show(String id, Map<String, String> forms) {
      ids.add(id);
      shown.add("new: " + forms.get("text/plain"));
    }

    @Override
    public void update(String id, Map<String, String> forms) {
      assertThat(id).isEqualTo(ids.get(ids.size() - 1));
      shown.add(forms.get("text/plain"));
    }
  }

  private void later() {
    waiting.forEach(Runnable::run);
    waiting.clear();
  }

  @Test
  void aTextGrowsInItsPlace() {
    view.accept("one");
    view.accept(" two");
    assertThat(shown).isEmpty();
    later();
    view.accept(" three");
    later();
    assertThat(shown).containsExactly("new: one two", "one two three");
  }

  @Test
  void itsEndIsShownAtOnceAndOnce() {
    view.accept("one");
    view.flush();
    assertThat(shown).containsExactly("new: one");
    later();
    view.flush();
    assertThat(shown).hasSize(1);
  }

  @Test
  void afterItsEndAnotherOneBegins() {
    view.accept("one");
    view.flush();
    view.accept("another");
    view.flush();
    assertThat(shown).containsExactly("new: one", "new: another");
  }

  @Test
  void htmlHoldsTheTextAndNoMarkupOfIt() {
    assertThat(TextView.html("a <b> & \"c\"\n\t\u001b$x$ 😀"))
        .startsWith("<div class=\"mathjax_ignore tex2jax_ignore\" style=")
        .endsWith(">a &lt;b&gt; &amp; \"c\"\n\t␛$x$ 😀</div>");
  }
}
