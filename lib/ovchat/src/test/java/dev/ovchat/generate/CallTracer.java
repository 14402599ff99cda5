package dev.ovchat.generate;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Location;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.event.MethodExitEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.EventRequestManager;
import com.sun.jdi.request.MethodEntryRequest;
import com.sun.jdi.request.MethodExitRequest;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Runs a class in a JVM of its own, under the JDK's debugger interface, and notes which of our
 * types one of its methods passes: those whose code runs on its thread, and those by whose name
 * that code is called, such as an interface. A lambda is code of the class that it is written in.
 */
final class CallTracer {
  private static final String OURS = "dev.ovchat.";
  private static final int INVOKE_VIRTUAL = 0xb6;
  private static final int INVOKE_INTERFACE = 0xb9;

  private final String main;
  private final String method;
  private final Set<String> passed = new TreeSet<>();
  private final Map<ReferenceType, String[]> callees = new HashMap<>();

  /**
   * @param method the method to look into, which the class calls once
   */
  CallTracer(Class<?> main, String method) {
    this.main = main.getName();
    this.method = method;
  }

  /**
   * Runs the class to its end.
   *
   * @return the names of the types that the method passed, but for the class itself
   */
  Set<String> run(List<String> jvmOptions, List<String> arguments) throws Exception {
    LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
    var launch = connector.defaultArguments();
    launch.get("options").setValue(quoted(jvmOptions));
    launch.get("main").setValue(main + " " + quoted(arguments));
    VirtualMachine jvm = connector.launch(launch);
    var prepared = jvm.eventRequestManager().createClassPrepareRequest();
    prepared.addClassFilter(main);
    prepared.enable();
    for (EventSet events = jvm.eventQueue().remove();
        events.stream().noneMatch(VMDisconnectEvent.class::isInstance);
        events = jvm.eventQueue().remove()) {
      for (Event event : events) {
        take(event, jvm.eventRequestManager());
      }
      events.resume();
    }
    int exitCode = jvm.process().waitFor();
    if (exitCode != 0) {
      String errors =
          new String(jvm.process().getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      throw new IllegalStateException(main + " ended with " + exitCode + ": " + errors);
    }
    return passed;
  }

  private static String quoted(List<String> words) {
    return words.stream().map(word -> '"' + word + '"').collect(Collectors.joining(" "));
  }

  private void take(Event event, EventRequestManager requests) throws Exception {
    if (event instanceof ClassPrepareEvent prepared) {
      var start = prepared.referenceType().methodsByName(method).get(0).location();
      requests.createBreakpointRequest(start).enable();
    } else if (event instanceof BreakpointEvent begun) {
      trace(begun, requests);
    } else if (event instanceof MethodEntryEvent entered) {
      note(entered);
    } else if (event instanceof MethodExitEvent left && left.method().name().equals(method)) {
      requests.deleteEventRequests(List.copyOf(requests.methodEntryRequests()));
      requests.deleteEventRequests(List.copyOf(requests.methodExitRequests()));
    }
  }

  private void trace(BreakpointEvent begun, EventRequestManager requests) {
    MethodExitRequest exit = requests.createMethodExitRequest();
    exit.addClassFilter(main);
    exit.addThreadFilter(begun.thread());
    exit.enable();
    MethodEntryRequest entry = requests.createMethodEntryRequest();
    entry.addClassFilter(OURS + "*");
    entry.addThreadFilter(begun.thread());
    entry.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    entry.enable();
  }

  private void note(MethodEntryEvent entered) throws IncompatibleThreadStateException, IOException {
    add(entered.method().declaringType().name());
    Location call = entered.thread().frame(1).location();
    ReferenceType caller = call.declaringType();
    ByteBuffer code = ByteBuffer.wrap(call.method().bytecodes());
    int at = (int) call.codeIndex();
    if (caller.name().startsWith(OURS) && isCall(code.get(at) & 0xff)) {
      if (!callees.containsKey(caller)) {
        callees.put(caller, callees(caller));
      }
      add(callees.get(caller)[code.getShort(at + 1) & 0xffff]);
    }
  }

  /** Otherwise the method was not called by name: a class was initialized, or a lambda run. */
  private static boolean isCall(int instruction) {
    return instruction >= INVOKE_VIRTUAL && instruction <= INVOKE_INTERFACE;
  }

  private void add(String type) {
    boolean isLambda = type.contains("$$");
    if (type.startsWith(OURS) && !isLambda && !type.equals(main)) {
      passed.add(type);
    }
  }

  /** The types whose methods a class calls, by the method's index in its constant pool. */
  private static String[] callees(ReferenceType type) throws IOException {
    int count = type.constantPoolCount();
    var pool = new DataInputStream(new ByteArrayInputStream(type.constantPool()));
    String[] texts = new String[count];
    int[] references = new int[count]; // of a class to its name, of a method to its class
    for (int index = 1; index < count; index++) {
      int tag = pool.readUnsignedByte();
      switch (tag) {
        case 1 -> texts[index] = pool.readUTF();
        case 7 -> references[index] = pool.readUnsignedShort();
        case 10, 11 -> {
          references[index] = pool.readUnsignedShort();
          pool.skipNBytes(2);
        }
        case 8, 16, 19, 20 -> pool.skipNBytes(2);
        case 15 -> pool.skipNBytes(3);
        case 3, 4, 9, 12, 17, 18 -> pool.skipNBytes(4);
        case 5, 6 -> {
          pool.skipNBytes(8);
          index++; // takes two indices
        }
        default -> throw new IOException("A constant pool has no tag " + tag + ".");
      }
    }
    String[] callees = new String[count];
    for (int index = 1; index < count; index++) {
      String name = texts[references[references[index]]];
      callees[index] = name == null ? "" : name.replace('/', '.');
    }
    return callees;
  }
}
