package dev.ovchat.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final Map<String, String> NOTEBOOKS =
      Map.of(
          "English", "",
          "Indonesian", ".id",
          "Korean", ".ko",
          "Portuguese", ".pt-BR",
          "Swahili", ".sw",
          "Chinese", ".zh-TW");

  /** A sentence that was mended in the notebook is to be mended here. */
  @Test
  void eachPageIsInTheWordsOfItsNotebook() throws Exception {
    List<Page> pages = Page.inEachLanguage();
    assertThat(pages).extracting(Page::language).hasSameElementsAs(NOTEBOOKS.keySet());
    for (Page page : pages) {
      String name = "01-openvino-chat" + NOTEBOOKS.get(page.language()) + ".ipynb";
      String notebook = Files.readString(Path.of("../../notebooks", name));
      String[] sentences = page.text().split("(?<=[.。])\\s*(?![0-9])");
      assertThat(sentences).as(page.language()).hasSizeGreaterThan(9);
      for (String sentence : sentences) {
        assertThat(notebook).as(page.language()).contains(sentence.strip());
      }
    }
  }
}
