package dev.ovchat.sampling;

import java.net.URL;
import java.net.URLClassLoader;

/** Prints a seed's first number, asked for by a thread whose class loader sees no services. */
final class SampleUnderOtherLoader {
  private SampleUnderOtherLoader() {}

  public static void main(String[] arguments) {
    Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[0], null));
    System.out.println(MultinomialSampler.random(Long.parseLong(arguments[0])).nextDouble());
  }
}
