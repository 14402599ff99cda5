package dev.ovchat.widget;

/** Channel between one object here and its counterparts in the pages that show the notebook. */
public interface Comm {

  /** Name of the channel, by which pages find it. */
  String id();

  /**
   * Sends a message to all pages.
   *
   * @param data a JSON object
   */
  void send(String data);

  /** Closes the channel, here and in all pages. */
  void close();
}
