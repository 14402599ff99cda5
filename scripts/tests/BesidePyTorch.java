import ai.djl.Device;
import ai.djl.ndarray.NDManager;

/** DJL's PyTorch engine and ovchat in one process, each before and after the other. */
public class BesidePyTorch {
  public static void main(String[] args) {
    for (int round = 0; round < 2; round++) {
      try (var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
        System.out.println(manager.create(new float[] {1, 2}).dot(manager.create(new float[] {3, 4})).getFloat());
      }
      Streaming.main(new String[] {args[0], "Who are you?"});
    }
  }
}
