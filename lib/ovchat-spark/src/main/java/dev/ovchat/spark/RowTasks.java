package dev.ovchat.spark;

import dev.ovchat.openvino.OpenVinoException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * A {@link RowTask} for the rows of a partition. Many are begun before the first is over, since
 * together they make one batch; they come out in their order.
 *
 * <p>A row that fails has the reason in its column {@code error}. Where the model cannot be loaded,
 * or the device fails, Spark tries the partition on another executor, and on the last one the rows
 * have the reason.
 *
 * @param elsewhere number of attempts that are left to other executors
 */
record RowTasks(RowTask task, ModelSpec model, SerializableConfiguration hadoop, int elsewhere)
    implements MapPartitionsFunction<Row, Row> {

  /** Number of rows that are begun: enough for a batch whose short answers are over early. */
  private static final int AHEAD = 64;

  private static final long POLL_MS = 100;

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return rows;
    }
    TaskContext context = TaskContext.get();
    var answers = new Answers(rows, context);
    TaskCompletionListener cancel = ended -> answers.cancel();
    var unused = context.addTaskCompletionListener(cancel);
    return answers;
  }

  /**
   * The same for one row. Spark computes functions of a dataset that it has at hand in the driver.
   */
  Row answer(Row row) {
    var answers = new Answers(List.of(row).iterator(), TaskContext.get());
    try {
      return answers.next();
    } finally {
      answers.cancel(); // where waiting for it ended early
    }
  }

  /**
   * A row that was begun.
   *
   * @param model the one that works on it; null where it could not be loaded
   */
  private record Pending(Row row, ExecutorModel model, RowTask.Started started) {}

  private final class Answers implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final TaskContext context; // null in the driver
    private final Queue<Pending> pending = new ArrayDeque<>();
    private ExecutorModel loaded; // null until the first row, and after a failure of the device
    private RuntimeException notLoaded; // the reason, once it was tried; else null

    Answers(Iterator<Row> rows, TaskContext context) {
      this.rows = rows;
      this.context = context;
    }

    /** Ends what was begun. */
    void cancel() {
      pending.forEach(it -> it.started.cancel().run());
    }

    @Override
    public boolean hasNext() {
      return !pending.isEmpty() || rows.hasNext();
    }

    @Override
    public Row next() {
      // What is done at once, such as beams, comes out at once.
      while (!isFirstDone() && pending.size() < AHEAD && rows.hasNext()) {
        pending.add(begun(rows.next()));
      }
      Pending first = pending.peek();
      if (first == null) {
        throw new NoSuchElementException();
      }
      Object[] values = values(first);
      pending.remove();
      return joined(first.row, values);
    }

    private boolean isFirstDone() {
      return !pending.isEmpty() && pending.peek().started.values().isDone();
    }

    private void requireAlive() {
      if (context != null && context.isInterrupted()) {
        throw new TaskKilledException();
      }
    }

    private Pending begun(Row row) {
      requireAlive();
      load();
      RowTask.Started started = loaded == null ? done(failed(notLoaded)) : started(row, loaded);
      return new Pending(row, loaded, started);
    }

    private void load() {
      if (loaded == null && notLoaded == null) {
        try {
          loaded = ExecutorModels.forTask(model, hadoop);
        } catch (RuntimeException e) {
          notLoaded = e;
          leaveToOthers(e);
        }
      }
    }

    private RowTask.Started started(Row row, ExecutorModel model) {
      try {
        return task.start(row, model);
      } catch (RuntimeException e) {
        return done(failed(e, model));
      }
    }

    /** Waits for the values of a row, and asks from time to time whether the task was killed. */
    private Object[] values(Pending row) {
      while (true) {
        requireAlive();
        try {
          return row.started.values().get(POLL_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          // Another round.
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new TaskKilledException();
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error; // which ends an executor that has no memory left
          }
          return failed((RuntimeException) e.getCause(), row.model);
        }
      }
    }

    private Object[] failed(RuntimeException reason, ExecutorModel model) {
      if (reason instanceof OpenVinoException || reason instanceof IllegalStateException) {
        ExecutorModels.drop(model); // the device failed
        loaded = loaded == model ? null : loaded;
        leaveToOthers(reason);
      }
      return failed(reason);
    }

    private Object[] failed(RuntimeException reason) {
      return AnswerColumns.failed(task.columns(), reason);
    }

    private void leaveToOthers(RuntimeException reason) {
      if (context != null && context.attemptNumber() < elsewhere) {
        throw reason;
      }
    }
  }

  private static RowTask.Started done(Object[] values) {
    return new RowTask.Started(CompletableFuture.completedFuture(values), () -> {});
  }

  private static Row joined(Row row, Object[] values) {
    Object[] all = new Object[row.size() + values.length];
    for (int i = 0; i < row.size(); i++) {
      all[i] = row.get(i);
    }
    System.arraycopy(values, 0, all, row.size(), values.length);
    return RowFactory.create(all);
  }
}
