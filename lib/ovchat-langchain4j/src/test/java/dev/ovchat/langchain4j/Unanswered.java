package dev.ovchat.langchain4j;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Names a test of LangChain4j's that the class's model cannot answer as it wants, and why. It is
 * run all the same, and has to fail in an assertion: one that passes belongs off the list.
 */
@Repeatable(Unanswered.All.class)
@ExtendWith(UnansweredTests.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Unanswered {
  String test();

  String why();

  /** All of a class. */
  @ExtendWith(UnansweredTests.class)
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @interface All {
    Unanswered[] value();
  }
}
