import org.bytedeco.openblas.global.openblas;

/** OpenBLAS, by another preset of JavaCPP, and ovchat in one process, each before and after the other. */
public class BesideOpenBlas {
  public static void main(String[] args) {
    for (int round = 0; round < 2; round++) {
      System.out.println(openblas.cblas_sdot(2, new float[] {1, 2}, 1, new float[] {3, 4}, 1));
      Streaming.main(new String[] {args[0], "Who are you?"});
    }
  }
}
