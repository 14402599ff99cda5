package dev.ovchat.display;

import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.comm.Comm;
import io.github.spencerpark.jupyter.kernel.comm.CommManager;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.reply.CommInfoReply;
import io.github.spencerpark.jupyter.messages.request.CommInfoRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@link JJavaCommInfo} for IJava, whose classes have the same names in another package. */
final class IJavaCommInfo implements ShellHandler<CommInfoRequest> {
  private final CommManager manager;

  IJavaCommInfo(CommManager manager) {
    this.manager = manager;
  }

  @Override
  public void handle(ShellReplyEnvironment page, Message<CommInfoRequest> request) {
    page.setBusyDeferIdle();
    String target = request.getContent().getTargetName();
    Map<String, CommInfoReply.CommInfo> comms = new LinkedHashMap<>();
    for (Comm comm : manager) {
      if (target == null || target.equals(comm.getTargetName())) {
        comms.put(comm.getID(), new CommInfoReply.CommInfo(comm.getTargetName()));
      }
    }
    page.reply(new Reply(comms));
  }

  /** The kernel's own reply, which is written field by field, with a status. */
  private static final class Reply extends CommInfoReply {
    @SuppressWarnings("unused")
    private final String status = "ok";

    Reply(Map<String, CommInfo> comms) {
      super(comms);
    }
  }
}
