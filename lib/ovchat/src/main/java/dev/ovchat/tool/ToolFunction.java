package dev.ovchat.tool;

/**
 * The work of a tool.
 *
 * @param <T> the record that holds the arguments
 */
@FunctionalInterface
public interface ToolFunction<T extends Record> {
  /**
   * Runs the tool.
   *
   * @return the result for the model: a text, as it is; or a number, record, list, map or another
   *     value, as JSON
   * @throws Exception whatever went wrong; the model reads its message
   */
  Object call(T arguments) throws Exception;
}
