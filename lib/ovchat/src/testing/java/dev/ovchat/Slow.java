package dev.ovchat;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Tests that take seconds: {@code ./scripts/test --quick} leaves them out, by {@code
 * -DexcludedGroups=slow}. JUnit and jqwik have a tag of their own each.
 */
@Tag("slow")
@net.jqwik.api.Tag("slow")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface Slow {}
