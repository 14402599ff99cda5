package dev.ovchat.spark;

import dev.ovchat.files.FileState;
import dev.ovchat.openvino.Device;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The models of this JVM: each is loaded once, by the first task that needs it, and stays for the
 * tasks that come later. Another model takes the place of those that nobody uses.
 */
final class ExecutorModels {
  private static final String THREADS = "INFERENCE_NUM_THREADS";

  private static final Map<Key, Loaded> LOADED = new HashMap<>();

  /** The task attempts that use a model; each gives it back once. */
  private static final Map<Long, Map<Key, Loaded>> USED = new HashMap<>();

  /**
   * A model as it was when it was loaded.
   *
   * @param state of the directory, which may be exported anew while a notebook goes on
   */
  private record Key(
      Path directory, Set<FileState> state, String device, Map<String, String> ovConfig) {}

  private static final class Loaded {
    private final ExecutorModel model;
    private int users;

    Loaded(ExecutorModel model) {
      this.model = model;
    }
  }

  private ExecutorModels() {}

  /**
   * The model for the task that runs on this thread, until it is over.
   *
   * @throws RuntimeException if it cannot be found or loaded
   */
  static synchronized ExecutorModel forTask(ModelSpec spec, SerializableConfiguration hadoop) {
    Path directory = ModelLocation.of(spec.location(), hadoop);
    Key key = new Key(directory, ModelLocation.state(directory), spec.device(), withThreads(spec));
    TaskContext task = TaskContext.get();
    if (task == null) { // in the driver, where nothing says that it is over
      return loaded(key).model;
    }
    Map<Key, Loaded> used = USED.getOrDefault(task.taskAttemptId(), Map.of());
    Loaded loaded = used.containsKey(key) ? used.get(key) : loaded(key);
    if (!used.containsKey(key)) {
      use(key, loaded, task);
    }
    return loaded.model;
  }

  private static Loaded loaded(Key key) {
    if (!LOADED.containsKey(key)) {
      closeUnused(); // their memory comes first
      LOADED.put(
          key, new Loaded(ExecutorModel.load(key.directory, new Device(key.device), key.ovConfig)));
    }
    return LOADED.get(key);
  }

  private static void use(Key key, Loaded loaded, TaskContext task) {
    long id = task.taskAttemptId();
    loaded.users++;
    if (!USED.containsKey(id)) {
      USED.put(id, new HashMap<>());
      TaskCompletionListener release = ended -> release(id);
      var unused = task.addTaskCompletionListener(release);
    }
    USED.get(id).put(key, loaded);
  }

  private static synchronized void release(long task) {
    USED.remove(task).values().forEach(loaded -> loaded.users--);
  }

  /** Takes a model out of use whose device has failed: the next task loads it anew. */
  static synchronized void drop(ExecutorModel model) {
    if (LOADED.values().removeIf(loaded -> loaded.model == model)) {
      USED.values().forEach(used -> used.values().removeIf(loaded -> loaded.model == model));
      model.close();
    }
  }

  /** Frees the models that no task uses. */
  static synchronized void closeUnused() {
    LOADED
        .values()
        .removeIf(
            loaded -> {
              if (loaded.users == 0) {
                loaded.model.close();
              }
              return loaded.users == 0;
            });
  }

  /**
   * The config, with as many threads as the executor has cores where Spark was told: OpenVINO would
   * take all of the machine's, and executors beside each other would be in each other's way.
   */
  private static Map<String, String> withThreads(ModelSpec spec) {
    Map<String, String> config = new TreeMap<>(spec.ovConfig());
    String cores = SparkEnv.get().conf().get("spark.executor.cores", "");
    if (spec.device().equals("CPU") && !cores.isEmpty()) {
      config.putIfAbsent(THREADS, cores);
    }
    return config;
  }
}
