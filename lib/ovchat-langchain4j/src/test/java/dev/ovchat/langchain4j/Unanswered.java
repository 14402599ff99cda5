package dev.ovchat.langchain4j;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Names tests of LangChain4j's that the class's model cannot answer as they want, and why. They are
 * run all the same, and have to fail in an assertion: one that passes belongs off the list.
 */
@Repeatable(Unanswered.All.class)
@ExtendWith(UnansweredTests.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Unanswered {
  String[] test();

  String why();

  /** All of a class. */
  @ExtendWith(UnansweredTests.class)
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @interface All {
    Unanswered[] value();
  }
}
