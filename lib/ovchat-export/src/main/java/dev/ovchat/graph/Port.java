package dev.ovchat.graph;

/**
 * What comes out of an operation, and what goes into the next ones.
 *
 * @param op the operation
 * @param index which of its outputs, from 0
 * @param type what its numbers are stored as
 * @param shape its dimensions
 */
public record Port(Op op, int index, ElementType type, Shape shape) {
  @Override
  public String toString() {
    return op.name() + " " + type.attribute() + shape;
  }
}
