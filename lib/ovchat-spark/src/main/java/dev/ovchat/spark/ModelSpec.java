package dev.ovchat.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A model as it is named to the executors, each of which loads it for itself.
 *
 * @param location a model directory that every executor has, absolute or relative to its working
 *     directory; or the URI of one that all can reach, such as {@code s3a://models/smollm2}
 * @param device OpenVINO's name of the device, such as {@code CPU}
 * @param ovConfig OpenVINO's own property keys and values
 */
record ModelSpec(String location, String device, Map<String, String> ovConfig)
    implements Serializable {

  ModelSpec {
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(device, "device");
    ovConfig = new TreeMap<>(ovConfig); // which can be sent, and shows the same each time
  }
}
