package dev.ovchat.experiment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A page of text to score models by. All pages say the same, in the words of notebook 01 and its
 * translations.
 *
 * <pre>{@code
 * for (Page page : Page.inEachLanguage()) {
 *   var ids = model.tokenizer().encode(page.text(), EncodeOptions.AS_IT_IS);
 *   System.out.println(page.language() + ": " + model.score(ids).perplexity());
 * }
 * }</pre>
 *
 * @param language the language's name in English
 * @param text two paragraphs
 */
public record Page(String language, String text) {
  /** A page in English, and one in each language of the document. */
  public static List<Page> inEachLanguage() {
    return List.of(
        read("English", "en"),
        read("Indonesian", "id"),
        read("Korean", "ko"),
        read("Portuguese", "pt-BR"),
        read("Swahili", "sw"),
        read("Chinese", "zh-TW"));
  }

  private static Page read(String language, String code) {
    try (InputStream in = Page.class.getResourceAsStream("pages/" + code + ".txt")) {
      return new Page(language, new String(in.readAllBytes(), UTF_8).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
