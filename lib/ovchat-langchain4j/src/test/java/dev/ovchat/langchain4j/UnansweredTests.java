package dev.ovchat.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Turns the tests that {@link Unanswered} names around. They are not reported as skipped:
 * LangChain4j makes a failure of all that a test throws.
 */
final class UnansweredTests implements InvocationInterceptor, BeforeAllCallback {

  /** A name that no test has would excuse nothing, and be overlooked. */
  @Override
  public void beforeAll(ExtensionContext context) {
    assertThat(unanswered(context).flatMap(each -> Arrays.stream(each.test())))
        .doesNotHaveDuplicates()
        .isSubsetOf(testsOf(context.getRequiredTestClass()).map(Method::getName).toList());
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    run(invocation, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    run(invocation, context);
  }

  private static void run(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
    String name = context.getRequiredTestMethod().getName();
    Optional<Unanswered> listed =
        unanswered(context).filter(each -> List.of(each.test()).contains(name)).findFirst();
    if (listed.isEmpty()) {
      invocation.proceed();
      return;
    }
    try {
      invocation.proceed();
    } catch (AssertionError e) {
      context.publishReportEntry("unanswered", listed.get().why());
      return;
    }
    throw new AssertionError("The model answers " + name + " by now: take it off the list.");
  }

  private static Stream<Unanswered> unanswered(ExtensionContext context) {
    return Arrays.stream(context.getRequiredTestClass().getAnnotationsByType(Unanswered.class));
  }

  private static Stream<Method> testsOf(Class<?> type) {
    return Stream.<Class<?>>iterate(type, each -> each != null, Class::getSuperclass)
        .flatMap(each -> Arrays.stream(each.getDeclaredMethods()));
  }
}
