/**
 * How far long work has come: {@link dev.ovchat.progress.Progress} is the one value that all stages
 * tell it by, {@link dev.ovchat.progress.ProgressLine} the line that shows it.
 *
 * <pre>{@code
 * Export.of(checkpoint).progress(new ProgressLine()).to(modelDir);
 * }</pre>
 */
package dev.ovchat.progress;
