package dev.ovchat.export;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.checkpoint.CheckpointTensors;
import dev.ovchat.checkpoint.WeightReader;
import dev.ovchat.compress.BlockConversion;
import dev.ovchat.compress.Deviation;
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

/**
 * Moves the weights from the checkpoint to the model's file, block by block on all cores. At any
 * time there are at most as many blocks in memory as there are cores.
 */
final class WeightStream {
  private final CheckpointTensors checkpoint;
  private final ProgressMeter progress;

  WeightStream(CheckpointTensors checkpoint, ProgressMeter progress) {
    this.checkpoint = checkpoint;
    this.progress = progress;
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
        new RowCompressor(IntegerMode.INT8_ASYM, block.columns(), -1, reader(block));
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

  private static WeightReader reader(Block block) {
    return WeightReader.of(block.tensor(), block.columns());
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

  private static ExportException notFinite(Block block, ArithmeticException e) {
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
    WeightReader reader = WeightReader.of(block.tensor(), FloatConversion.BLOCK);
    new FloatConversion(reader, type).convert(read(block), block.size(), converted);
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
    ByteBuffer scales = buffer(groupCount * Short.BYTES);
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
    write(file, scales.flip(), layout.offset(tensor.scales()) + firstGroup * Short.BYTES);
  }

  private static IntegerConversion conversion(Block block, Storage.Grouped storage) {
    if (storage instanceof Storage.Carried form) {
      return new BlockConversion(block.tensor().blocks().get(), form, block.columns());
    }
    Storage.Integers anew = (Storage.Integers) storage;
    return new RowCompressor(anew.mode(), block.columns(), anew.groupSize(), reader(block));
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
