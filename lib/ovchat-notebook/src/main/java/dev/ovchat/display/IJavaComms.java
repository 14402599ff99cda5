package dev.ovchat.display;

import dev.ovchat.system.Uninterrupted;
import dev.ovchat.widget.Comm;
import dev.ovchat.widget.Comms;
import io.github.spencerpark.jupyter.kernel.comm.CommManager;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.comm.CommCloseCommand;
import io.github.spencerpark.jupyter.messages.comm.CommMsgCommand;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** Comms of IJava. */
final class IJavaComms implements Comms {
  private static final KernelJson JSON = KernelJson.of(CommMsgCommand.class);
  private final CommManager manager;

  IJavaComms(CommManager manager) {
    this.manager = manager;
  }

  @Override
  public Comm open(
      String target, String data, Map<String, Object> metadata, Consumer<String> received) {
    return new Sender(
        Uninterrupted.get(
            () ->
                manager.openComm(
                    target,
                    (comms, id, name, message) -> {
                      JSON.fill(message.getContent(), data);
                      message.getNonNullMetadata().putAll(metadata);
                      return new Channel(comms, id, name, received);
                    })));
  }

  @Override
  public void accept(String target, Function<Comm, Consumer<String>> opened) {
    manager.registerTarget(
        target,
        (comms, id, name, message) -> {
          Channel channel = new Channel(comms, id, name, data -> {});
          channel.received = opened.apply(new Sender(channel));
          return channel;
        });
  }

  private static final class Channel extends io.github.spencerpark.jupyter.kernel.comm.Comm {
    private final CommManager manager;
    private Consumer<String> received;

    Channel(CommManager manager, String id, String target, Consumer<String> received) {
      super(manager, id, target);
      this.manager = manager;
      this.received = received;
    }

    @Override
    protected void onMessage(Message<CommMsgCommand> message) {
      manager.setMessageContext(
          message); // what is sent now answers it, and pages look whether it does
      received.accept(JSON.data(message.getContent()));
    }

    @Override
    protected void onClose(Message<CommCloseCommand> message, boolean isOurs) {}
  }

  /**
   * The kernel's half of a channel. A thread that was stopped sends as others do: its interrupt
   * would close the kernel's socket.
   */
  private record Sender(Channel channel) implements Comm {
    @Override
    public String id() {
      return channel.getID();
    }

    @Override
    public void send(String data) {
      Uninterrupted.run(() -> JSON.send(channel, data));
    }

    @Override
    public void close() {
      Uninterrupted.run(channel::close);
    }
  }
}
