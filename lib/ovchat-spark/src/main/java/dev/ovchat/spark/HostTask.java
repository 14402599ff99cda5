package dev.ovchat.spark;

import dev.ovchat.experiment.SharedRounds;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.SerializableConfiguration;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * A task of a barrier stage, which has one for each core of the cluster. The first task of each
 * host runs a round, and the others end: so a host has one run at a time.
 *
 * <p>Hosts of the same kind of machine take different rounds of those that are missing.
 */
final class HostTask extends AbstractFunction1<Iterator<Integer>, Iterator<HostResult>>
    implements Serializable {
  private static final long serialVersionUID = 1;

  private final SweepSettings settings;
  private final SerializableConfiguration hadoop;
  private final Map<String, String> csvByMachine;

  /**
   * @param csvByMachine the runs so far
   */
  HostTask(
      SweepSettings settings, SerializableConfiguration hadoop, Map<String, String> csvByMachine) {
    this.settings = settings;
    this.hadoop = hadoop;
    this.csvByMachine = csvByMachine;
  }

  @Override
  public Iterator<HostResult> apply(Iterator<Integer> unused) {
    BarrierTaskContext stage = BarrierTaskContext.get();
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    int task = stage.partitionId();
    boolean isFirst = List.of(stage.allGather(host)).indexOf(host) == task;
    Machine machine = isFirst ? inspect(host) : Machine.NONE;
    List<String> machines = List.of(stage.allGather(machine.name));
    if (!isFirst) {
      return scala(List.of());
    }
    int before = Collections.frequency(machines.subList(0, task), machine.name);
    return scala(List.of(machine.rounds == null ? machine.failure : run(host, machine, before)));
  }

  private static Iterator<HostResult> scala(List<HostResult> results) {
    return CollectionConverters.asScala(results.iterator());
  }

  /**
   * This host.
   *
   * @param name of its kind of machine; empty where it can run nothing
   * @param rounds null where it can run nothing
   * @param failure null where it can
   */
  private record Machine(String name, SharedRounds rounds, HostResult failure) {
    static final Machine NONE = new Machine("", null, null);
  }

  private Machine inspect(String host) {
    try {
      SharedRounds rounds = settings.rounds(ModelLocation.of(settings.location(), hadoop));
      return new Machine(MachineName.of(rounds.machine()), rounds, null);
    } catch (RuntimeException | LinkageError e) { // such as native libraries that are not there
      return new Machine("", null, failed(host, "", e));
    }
  }

  /**
   * Runs a round.
   *
   * @param before number of hosts of this kind that take the rounds before it
   */
  private HostResult run(String host, Machine machine, int before) {
    try (HostLock lock = HostLock.take()) {
      return machine
          .rounds
          .runMissing(csvByMachine.getOrDefault(machine.name, ""), before)
          .map(
              round ->
                  new HostResult(
                      host, machine.name, round.number(), round.missing(), round.csv(), ""))
          .orElse(HostResult.idle(host, machine.name));
    } catch (RuntimeException e) {
      return failed(host, machine.name, e);
    }
  }

  private static HostResult failed(String host, String machine, Throwable reason) {
    String message = reason.getMessage();
    return HostResult.failed(host, machine, message == null ? reason.toString() : message);
  }
}
