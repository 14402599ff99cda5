package dev.ovchat.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;

/**
 * The completion of a prompt as a function of SQL. Spark calls it row by row, so each task has one
 * prompt at a time; those of the tasks that an executor runs at once make a batch.
 */
record SqlFunction(RowTasks tasks) implements UDF1<String, Row> {
  @Override
  public Row call(String prompt) {
    Row all = tasks.answer(RowFactory.create(prompt));
    Object[] values = new Object[all.size() - 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = all.get(i + 1);
    }
    return RowFactory.create(values);
  }
}
