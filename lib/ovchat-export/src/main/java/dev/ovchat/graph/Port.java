package dev.ovchat.graph;

/**
 * An output of an operation, which other operations take as input.
 *
 * @param op the operation
 * @param index the output's index, from 0
 * @param type element type
 * @param shape its dimensions
 */
public record Port(Op op, int index, ElementType type, Shape shape) {
  @Override
  public String toString() {
    return op.name() + " " + type.attribute() + shape;
  }
}
