package dev.ovchat.spark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network of machines, which are network namespaces of this one on a bridge. It takes root and
 * Linux's command {@code ip}. Names and addresses are this process's own; the addresses are of the
 * range that is kept for tests of networks (RFC 2544).
 */
final class WorkerNetwork implements AutoCloseable {
  private final long pid = ProcessHandle.current().pid();
  private final String subnet = "198.18." + (pid % 256) + ".";
  private final String bridge = "ovb" + pid;
  private final List<String> machines = new ArrayList<>();

  /**
   * Makes a network that has this machine alone.
   *
   * @throws IOException if the machine does not allow it, with what {@code ip} says
   */
  WorkerNetwork() throws IOException, InterruptedException {
    ip("link", "add", bridge, "type", "bridge");
    ip("address", "add", host() + "/24", "dev", bridge);
    ip("link", "set", bridge, "up");
  }

  /** The address of this machine, where master and driver are. */
  String host() {
    return subnet + 1;
  }

  /** Adds a machine; they are numbered from 0. */
  void addMachine() throws IOException, InterruptedException {
    int number = machines.size();
    String machine = "ovn" + pid + "-" + number;
    ip("netns", "add", machine);
    machines.add(machine);
    ip("link", "add", cable(number), "type", "veth", "peer", "name", "eth0", "netns", machine);
    ip("link", "set", cable(number), "master", bridge, "up");
    ip("-n", machine, "address", "add", address(number) + "/24", "dev", "eth0");
    ip("-n", machine, "link", "set", "eth0", "up");
    ip("-n", machine, "link", "set", "lo", "up");
  }

  /** A machine's address. */
  String address(int machine) {
    return subnet + (10 + machine);
  }

  /** The command that runs what follows it on a machine. */
  String[] on(int machine) {
    return new String[] {"ip", "netns", "exec", machines.get(machine)};
  }

  /** Pulls a machine's cable: it goes on, and nobody hears of it. */
  void cutOff(int machine) throws IOException, InterruptedException {
    ip("link", "set", cable(machine), "down");
  }

  private String cable(int machine) {
    return "ovc" + pid + "-" + machine;
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }

  /** Takes the network away; what runs on its machines is alone then. */
  @Override
  public void close() throws IOException, InterruptedException {
    for (String machine : machines) {
      ip("netns", "delete", machine);
    }
    ip("link", "delete", bridge);
  }
}
