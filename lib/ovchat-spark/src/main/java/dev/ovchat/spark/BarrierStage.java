package dev.ovchat.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.FutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.Function0;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.BoxedUnit;

/** A barrier stage: all of its tasks run at the same time, one on each core of the cluster. */
final class BarrierStage {
  private static final long POLL_MS = 200;
  private static final long LONGEST_WAIT_NANOS = 60_000_000_000L;

  private final SparkContext context;

  /**
   * @throws DatasetException if the executors may change while a stage runs, which Spark refuses
   */
  BarrierStage(SparkContext context) {
    if (context.conf().getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw new DatasetException(
          "spark.dynamicAllocation.enabled is true, but a sweep needs all of its executors at once; set it to false.");
    }
    this.context = context;
  }

  /**
   * Runs the task on all cores, once these are free.
   *
   * @param results receives each host's result as soon as it is there, on this thread
   * @throws SparkException if the stage fails, for instance since an executor was lost
   * @throws InterruptedException if the thread is interrupted; the stage is cancelled then
   * @throws DatasetException if there is no executor
   */
  void run(HostTask task, Consumer<HostResult> results)
      throws SparkException, InterruptedException {
    BlockingQueue<HostResult> arrived = new LinkedBlockingQueue<>();
    FutureAction<Object> job = submitted(task, arrived);
    try {
      while (!job.isCompleted() || !arrived.isEmpty()) {
        HostResult result = arrived.poll(POLL_MS, TimeUnit.MILLISECONDS);
        if (result != null) {
          results.accept(result);
        }
      }
    } finally {
      if (!job.isCompleted()) {
        job.cancel();
      }
    }
    job.get();
  }

  private FutureAction<Object> submitted(HostTask task, BlockingQueue<HostResult> arrived)
      throws InterruptedException {
    int tasks = slots();
    ClassTag<HostResult> type = ClassTag.apply(HostResult.class);
    RDD<HostResult> hosts =
        JavaSparkContext.fromSparkContext(context)
            .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
            .rdd()
            .barrier()
            .mapPartitions(task, false, type);
    Function1<Iterator<HostResult>, HostResult> first =
        (Function1<Iterator<HostResult>, HostResult> & Serializable)
            results -> results.hasNext() ? results.next() : null;
    Function2<Object, HostResult, BoxedUnit> arrive =
        (unused, result) -> {
          if (result != null) {
            arrived.add(result);
          }
          return BoxedUnit.UNIT;
        };
    Function0<Object> none = () -> null;
    boolean wasInterrupting =
        Boolean.parseBoolean(context.getLocalProperty("spark.job.interruptOnCancel"));
    context.setInterruptOnCancel(true); // a run is a process, which goes with its task's thread
    try {
      return context.submitJob(hosts, first, partitions(tasks), arrive, none);
    } finally {
      context.setInterruptOnCancel(wasInterrupting);
    }
  }

  /** The partitions, as objects: to Java, Scala's Int is one. */
  private static Seq<Object> partitions(int tasks) {
    List<Object> partitions = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      partitions.add(i);
    }
    return CollectionConverters.asScala(partitions).toSeq();
  }

  /**
   * Number of tasks that can run at once. Executors need a while to come when Spark has started.
   */
  private int slots() throws InterruptedException {
    long start = System.nanoTime();
    while (true) {
      int slots =
          context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
      if (slots > 0) {
        return slots;
      }
      if (System.nanoTime() - start > LONGEST_WAIT_NANOS) {
        throw new DatasetException(
            "The cluster %s has no executor with a free core; look at its web page whether its workers run, and have the memory that is asked for."
                .formatted(context.master()));
      }
      Thread.sleep(POLL_MS);
    }
  }
}
