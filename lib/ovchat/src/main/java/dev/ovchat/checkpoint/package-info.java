/**
 * A model directory as the export writes it: which files it must hold, and what its JSON files say.
 *
 * <p>And a HuggingFace checkpoint, which the export begins with: where its weights lie.
 *
 * <p>This is the only package that reads JSON. Nothing in a model directory is ever run.
 */
package dev.ovchat.checkpoint;
