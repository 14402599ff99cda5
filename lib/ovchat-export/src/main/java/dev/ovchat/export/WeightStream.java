package dev.ovchat.export;

import static java.util.stream.Collectors.toMap;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.checkpoint.CheckpointTensors;
import dev.ovchat.checkpoint.LowRankMatrix;
import dev.ovchat.checkpoint.WeightChange;
import dev.ovchat.checkpoint.WeightReader;
import dev.ovchat.compress.BlockConversion;
import dev.ovchat.compress.Deviation;
import dev.ovchat.compress.FiniteRows;
import dev.ovchat.compress.FloatCompressor;
import dev.ovchat.compress.FloatConversion;
import dev.ovchat.compress.IntegerConversion;
import dev.ovchat.compress.IntegerMode;
import dev.ovchat.compress.RowCompressor;
import dev.ovchat.compress.Storage;
import dev.ovchat.graph.Constant;
import dev.ovchat.graph.ElementType;
import dev.ovchat.graph.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Moves the weights from the checkpoint to the model's file, block by block on all cores. At any
 * time there are at most as many blocks in memory as there are cores.
 */
final class WeightStream {
  private final CheckpointTensors checkpoint;
  private final Map<String, List<LowRankMatrix>> added;
  private final Awq awq;
  private final ProgressMeter progress;

  /**
   * @param matrices those of the model, to some of which adapters may add
   */
  WeightStream(CheckpointTensors checkpoint, List<Matrix> matrices, ProgressMeter progress) {
    this(
        checkpoint,
        matrices.stream().collect(toMap(Matrix::name, Matrix::added)),
        Awq.NONE,
        progress);
  }

  private WeightStream(
      CheckpointTensors checkpoint,
      Map<String, List<LowRankMatrix>> added,
      Awq awq,
      ProgressMeter progress) {
    this.checkpoint = checkpoint;
    this.added = added;
    this.awq = awq;
    this.progress = progress;
  }

  /** The same with weights as AWQ changes them. */
  WeightStream with(Awq changing) {
    return new WeightStream(checkpoint, added, changing, progress);
  }

  /**
   * Reads the rows of a matrix in their order.
   *
   * @param each receives each row, in an array that the next one overwrites
   */
  void rows(Matrix matrix, Consumer<float[]> each) {
    float[] row = new float[Math.toIntExact(matrix.columns())];
    for (Block block : Block.of(matrix.tensor())) {
      FiniteRows rows = new FiniteRows(reader(block, row.length));
      ByteBuffer source = read(block);
      try {
        for (int i = 0; i < block.rows(); i++) {
          rows.read(source, row);
          each.accept(row);
        }
      } catch (ArithmeticException e) {
        throw notFinite(block, e);
      }
      progress.done("measuring " + matrix.name(), block.byteCount());
    }
  }

  /** Counts a matrix as measured that need not be read. */
  void skip(Matrix matrix) {
    progress.done("measuring " + matrix.name(), matrix.tensor().byteCount());
  }

  /**
   * Quantization error of each matrix at int8: {@link RowCompressor#error}, the maximum of its
   * rows.
   */
  Map<Matrix, Double> errors(List<Matrix> matrices)
      throws InterruptedException, ExecutionException {
    List<Matrix> owners = new ArrayList<>();
    List<Callable<Double>> tasks = new ArrayList<>();
    for (Matrix matrix : matrices) {
      for (Block block : Block.of(matrix.tensor())) {
        owners.add(matrix);
        tasks.add(() -> error(block));
      }
    }
    List<Double> errors = Workers.run(tasks);
    Map<Matrix, Double> greatest = new HashMap<>();
    for (int i = 0; i < errors.size(); i++) {
      greatest.merge(owners.get(i), errors.get(i), Math::max);
    }
    return greatest;
  }

  private double error(Block block) {
    RowCompressor compressor =
        new RowCompressor(
            IntegerMode.INT8_ASYM, block.columns(), -1, reader(block, block.columns()));
    ByteBuffer source = read(block);
    double error;
    try {
      error = compressor.error(source, block.rows());
    } catch (ArithmeticException e) {
      throw notFinite(block, e);
    }
    progress.done("measuring " + block.tensor().name(), block.byteCount());
    return error;
  }

  /** Measures how far each form is from the quantized weights of a matrix, over all its rows. */
  Map<Storage.Carried, Deviation> deviations(Matrix matrix, List<Storage.Carried> forms)
      throws InterruptedException, ExecutionException {
    List<Storage.Carried> owners = new ArrayList<>();
    List<Callable<Deviation>> tasks = new ArrayList<>();
    for (Storage.Carried form : forms) {
      for (Block block : Block.of(matrix.tensor())) {
        owners.add(form);
        tasks.add(() -> deviation(block, form));
      }
    }
    List<Deviation> deviations = Workers.run(tasks);
    Map<Storage.Carried, Deviation> sums = new HashMap<>();
    for (int i = 0; i < deviations.size(); i++) {
      sums.merge(owners.get(i), deviations.get(i), Deviation::plus);
    }
    progress.done("measuring " + matrix.name(), matrix.tensor().byteCount());
    return sums;
  }

  private Deviation deviation(Block block, Storage.Carried form) {
    try {
      return new BlockConversion(block.tensor().blocks().get(), form, block.columns())
          .deviation(read(block), block.rows());
    } catch (ArithmeticException e) {
      throw notFinite(block, e);
    }
  }

  /** A reader of a block's weights, with what adapters add to them, and AWQ scales. */
  private WeightReader reader(Block block, int largest) {
    List<WeightChange> changes = new ArrayList<>();
    added(block).forEach(matrix -> changes.add(matrix.ofRows(block.firstRow(), block.rows())));
    awq.change(block).ifPresent(changes::add);
    return WeightReader.of(block.tensor(), largest, changes);
  }

  private List<LowRankMatrix> added(Block block) {
    return added.getOrDefault(block.tensor().name(), List.of());
  }

  /** Writes all weights at their offsets. */
  void write(List<StoredTensor> tensors, Layout layout, FileChannel file)
      throws InterruptedException, ExecutionException {
    List<Callable<Void>> tasks = new ArrayList<>();
    for (StoredTensor tensor : tensors) {
      for (Block block : Block.of(tensor.source())) {
        tasks.add(
            () -> {
              write(block, tensor, layout, file);
              progress.done("writing " + block.tensor().name(), block.byteCount());
              return null;
            });
      }
    }
    Workers.run(tasks);
  }

  private ExportException notFinite(Block block, ArithmeticException e) {
    if (!added(block).isEmpty()) {
      return new ExportException(
          "%s: the tensor %s has weights that are infinite or no numbers with the adapter; give the adapter a smaller weight, or copy both again from where they come from."
              .formatted(block.tensor().file(), block.tensor().name()),
          e);
    }
    if (awq.change(block).isPresent()) {
      return new ExportException(
          "%s: the tensor %s has weights that are infinite or no numbers with the scales of AWQ; leave out awq, or copy the file again from where the model comes from."
              .formatted(block.tensor().file(), block.tensor().name()),
          e);
    }
    return new ExportException(
        "%s: the tensor %s has weights that are infinite or no numbers, which cannot become integers; copy the file again from where the model comes from, or take the weight format fp16 or fp32."
            .formatted(block.tensor().file(), block.tensor().name()),
        e);
  }

  private void write(Block block, StoredTensor tensor, Layout layout, FileChannel file)
      throws IOException {
    if (tensor instanceof StoredTensor.AsFloats floats) {
      writeFloats(block, floats.numbers(), layout, file);
    } else {
      writeIntegers(block, (StoredTensor.AsIntegers) tensor, layout, file);
    }
  }

  private void writeFloats(Block block, Constant numbers, Layout layout, FileChannel file)
      throws IOException {
    ElementType type = numbers.port().type();
    ByteBuffer converted = buffer((long) block.size() * type.bytes());
    WeightReader reader = reader(block, FloatConversion.BLOCK);
    try {
      new FloatConversion(reader, type).convert(read(block), block.size(), converted);
    } catch (ArithmeticException e) {
      throw notFinite(block, e);
    }
    long at = layout.offset(numbers) + block.firstNumber() * type.bytes();
    write(file, converted.flip(), at);
  }

  private void writeIntegers(
      Block block, StoredTensor.AsIntegers tensor, Layout layout, FileChannel file)
      throws IOException {
    Storage.Grouped storage = tensor.storage();
    int groups = storage.groupSize() == -1 ? 1 : block.columns() / storage.groupSize();
    long firstGroup = block.firstRow() * groups;
    long groupCount = (long) block.rows() * groups;

    ByteBuffer integers = buffer(storage.type().bytes(block.size()));
    ByteBuffer zeroPoints =
        buffer(storage.zeroPoints().map(type -> type.bytes(groupCount)).orElse(0L));
    ByteBuffer scales = buffer(storage.scaleType().bytes(groupCount));
    try {
      conversion(block, storage).convert(read(block), block.rows(), integers, zeroPoints, scales);
    } catch (ArithmeticException e) {
      throw notFinite(block, e);
    }

    write(
        file,
        integers.flip(),
        layout.offset(tensor.integers()) + storage.type().bytes(block.firstNumber()));
    if (storage.zeroPoints().isPresent()) {
      long before = storage.zeroPoints().get().bytes(firstGroup);
      write(file, zeroPoints.flip(), layout.offset(tensor.zeroPoints()) + before);
    }
    write(
        file,
        scales.flip(),
        layout.offset(tensor.scales()) + storage.scaleType().bytes(firstGroup));
  }

  private IntegerConversion conversion(Block block, Storage.Grouped storage) {
    if (storage instanceof Storage.Carried form) {
      if (!added(block).isEmpty() || awq.change(block).isPresent()) {
        throw new IllegalStateException(
            "The integers of %s cannot change.".formatted(block.tensor().name()));
      }
      return new BlockConversion(block.tensor().blocks().get(), form, block.columns());
    }
    if (storage instanceof Storage.SmallFloats small) {
      return new FloatCompressor(
          small.mode(), block.columns(), small.groupSize(), reader(block, block.columns()));
    }
    Storage.Integers anew = (Storage.Integers) storage;
    return new RowCompressor(
        anew.mode(), block.columns(), anew.groupSize(), reader(block, block.columns()));
  }

  private ByteBuffer read(Block block) {
    CheckpointTensor tensor = block.tensor();
    return checkpoint.map(tensor, block.firstByte(), block.byteCount());
  }

  private static ByteBuffer buffer(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes all bytes at an offset of the file. */
  static void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    long end = at;
    while (bytes.hasRemaining()) {
      end += file.write(bytes, end);
    }
  }
}
