/** From a HuggingFace checkpoint to a model directory. */
package dev.ovchat.export;
