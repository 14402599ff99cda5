package dev.ovchat.widget;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** The comms of a kernel, as Jupyter's protocol defines them. Each kernel has an adapter. */
public interface Comms {

  /**
   * Opens a channel in all pages.
   *
   * @param target what the pages are to make of it
   * @param data a JSON object
   * @param metadata of the message
   * @param received receives what a page sends, a JSON object, on the kernel's thread
   */
  Comm open(String target, String data, Map<String, Object> metadata, Consumer<String> received);

  /**
   * Takes the channels that pages open.
   *
   * @param opened gets the channel, and returns what receives its messages
   */
  void accept(String target, Function<Comm, Consumer<String>> opened);
}
