package dev.ovchat.tool;

import java.time.Duration;

/**
 * Result of a call.
 *
 * @param call the call
 * @param content what the model reads: the tool's result, or a sentence that begins with {@code
 *     Error:}
 * @param failed true if the tool was not there, refused its arguments, failed, or took too long
 * @param time how long it took
 */
public record ToolResult(ToolCall call, String content, boolean failed, Duration time) {}
