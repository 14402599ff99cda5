/**
 * Progress of long work: {@link dev.ovchat.progress.Progress} is the value that all stages report,
 * {@link dev.ovchat.progress.ProgressLine} the line that shows it.
 *
 * <pre>{@code
 * Export.of(checkpoint).progress(new ProgressLine()).to(modelDir);
 * }</pre>
 */
package dev.ovchat.progress;
