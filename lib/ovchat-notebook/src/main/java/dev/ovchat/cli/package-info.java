/**
 * The command lines of {@code scripts/}: {@link dev.ovchat.cli.ExportMain} exports a checkpoint,
 * {@link dev.ovchat.cli.Doctor} checks what works on this machine.
 *
 * <pre>{@code
 * java -cp ovchat-notebook.jar dev.ovchat.cli.ExportMain --model CHECKPOINT OUTPUT
 * }</pre>
 */
package dev.ovchat.cli;
