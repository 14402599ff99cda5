package dev.ovchat.graph;

/**
 * Memory that a running model keeps from one call to the next; in a decoder, the keys and values of
 * one layer.
 *
 * @param id unique in its graph
 * @param name of what is read from it
 * @param type what its numbers are stored as
 * @param shape its dimensions
 */
public record Variable(String id, String name, ElementType type, Shape shape) {}
