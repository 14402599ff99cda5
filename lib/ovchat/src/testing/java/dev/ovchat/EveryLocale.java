package dev.ovchat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** Runs code in every country that Java knows: what machines read, and figures, are the same. */
public final class EveryLocale {
  private static final List<Locale> ALL = List.of(Locale.getAvailableLocales());

  private EveryLocale() {}

  /** Compares what the code gives under each of Java's locales with what it gives under none. */
  public static <T> void gives(Callable<T> code) throws Exception {
    compare(ALL, code);
  }

  /** The same for slow code: one locale for each way to write numbers, letters and dates. */
  public static <T> void ofEachKindGives(Callable<T> code) throws Exception {
    Map<String, Locale> kinds = new LinkedHashMap<>();
    for (Locale locale : ALL) {
      String numbers = String.format(locale, "%,d %.1f %,.2f %e", 1_234_567, 0.5, -1e6, 1e-9);
      kinds.putIfAbsent(numbers + "Ii".toLowerCase(locale) + "Ii".toUpperCase(locale), locale);
    }
    compare(kinds.values(), code);
  }

  private static <T> void compare(Collection<Locale> locales, Callable<T> code) throws Exception {
    assertThat(locales).hasSizeGreaterThan(5);
    Locale before = Locale.getDefault();
    Locale display = Locale.getDefault(Locale.Category.DISPLAY);
    Locale format = Locale.getDefault(Locale.Category.FORMAT);
    try {
      Locale.setDefault(Locale.ROOT);
      T expected = code.call();
      for (Locale locale : locales) {
        Locale.setDefault(locale); // of both categories
        assertThat(code.call()).as(locale.toLanguageTag()).isEqualTo(expected);
      }
    } finally {
      Locale.setDefault(before);
      Locale.setDefault(Locale.Category.DISPLAY, display);
      Locale.setDefault(Locale.Category.FORMAT, format);
    }
  }
}
