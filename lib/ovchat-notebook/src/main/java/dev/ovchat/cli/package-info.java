/**
 * The command lines behind {@code scripts/}: {@link dev.ovchat.cli.ExportMain} exports a
 * checkpoint, {@link dev.ovchat.cli.Doctor} says what works on this machine.
 *
 * <pre>{@code
 * java -cp ovchat-notebook.jar dev.ovchat.cli.ExportMain --model CHECKPOINT OUTPUT
 * }</pre>
 */
package dev.ovchat.cli;
