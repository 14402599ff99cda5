/**
 * Files as they are read and written: with a limit, as JSON by the rules of those who wrote it, and
 * in a folder of this process's own; as a whole or not at all ({@link
 * dev.ovchat.files.AtomicFile}). The file names of a model stand in {@link
 * dev.ovchat.files.FileNames}.
 *
 * <p>Whatever is wrong with a file becomes an {@link dev.ovchat.files.UnusableFileException} that
 * names it.
 *
 * <pre>{@code
 * JsonFile config = JsonFile.read(directory.resolve(FileNames.CONFIG));
 * int layers = config.size("num_hidden_layers");
 * }</pre>
 */
package dev.ovchat.files;
