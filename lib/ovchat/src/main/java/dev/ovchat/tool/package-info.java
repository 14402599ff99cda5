/**
 * Tools that a model may call: what they are, how a model writes its calls, and how a call is run.
 *
 * <p>Entry points: {@link dev.ovchat.tool.Tool}, a function with a record as its arguments, and
 * {@link dev.ovchat.tool.Tools}, those that a chat has. {@link dev.ovchat.tool.ToolCallFormat}
 * finds the calls in an answer.
 *
 * <pre>{@code
 * record City(String name) {}
 *
 * Tool weather = Tool.of("weather", "The weather of a city", City.class, city -> "22 degrees");
 * Tools tools = Tools.of(weather);
 * tools.run(ToolCall.of("weather", Map.of("name", "Paris"))).content();   // 22 degrees
 * }</pre>
 */
package dev.ovchat.tool;
