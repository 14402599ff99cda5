package dev.ovchat.spark;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;

/** The rows of an iterator that are not there yet. */
final class Missing implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final Predicate<Row> isThere;
  private Row next; // null until it is looked for

  Missing(Iterator<Row> rows, Predicate<Row> isThere) {
    this.rows = rows;
    this.isThere = isThere;
  }

  @Override
  public boolean hasNext() {
    while (next == null && rows.hasNext()) {
      Row row = rows.next();
      next = isThere.test(row) ? null : row;
    }
    return next != null;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = next;
    next = null;
    return row;
  }
}
