package dev.ovchat.display;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dflib.jjava.jupyter.channels.ShellHandler;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.comm.Comm;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.reply.CommInfoReply;
import org.dflib.jjava.jupyter.messages.request.CommInfoRequest;

/**
 * Answer of JJava to a page that asks which comms there are, with the protocol's status. Without
 * one JupyterLab takes it for a refusal: a page that was loaded anew while a cell was running for
 * more than 4 s, and that asks so then, found no widget. Its classes have the same names as
 * IJava's, in another package: a change here belongs in {@link IJavaCommInfo}, too.
 */
final class JJavaCommInfo implements ShellHandler<CommInfoRequest> {
  private final CommManager manager;

  JJavaCommInfo(CommManager manager) {
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
