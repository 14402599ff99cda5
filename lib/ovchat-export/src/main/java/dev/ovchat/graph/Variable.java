package dev.ovchat.graph;

/**
 * Memory that a running model keeps from one call to the next; in a decoder, the keys or the values
 * of one layer.
 *
 * @param id the id, unique in its graph
 * @param name the name of the value that is read from it
 * @param type element type
 * @param shape its dimensions
 */
public record Variable(String id, String name, ElementType type, Shape shape) {}
