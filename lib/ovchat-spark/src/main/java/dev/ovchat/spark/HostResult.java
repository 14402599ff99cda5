package dev.ovchat.spark;

import java.io.Serializable;

/**
 * The result of a host in a stage of a sweep.
 *
 * @param machine name of its kind of machine; empty if it could not be found out
 * @param round number of the round that it ran, from 1; 0 if it ran none
 * @param missing number of rounds that its kind of machine lacked before the stage
 * @param csv the round's runs; empty if it ran none
 * @param problem the reason that it can run none, in a sentence; else empty
 */
record HostResult(String host, String machine, int round, int missing, String csv, String problem)
    implements Serializable {

  static HostResult idle(String host, String machine) {
    return new HostResult(host, machine, 0, 0, "", "");
  }

  static HostResult failed(String host, String machine, String problem) {
    return new HostResult(host, machine, 0, 0, "", problem);
  }

  boolean hasRun() {
    return round > 0;
  }
}
