/**
 * Many prompts on Apache Spark: a dataset in, a dataset with answers out. Enter at {@link
 * dev.ovchat.spark.Prompts}.
 *
 * <pre>{@code
 * Prompts.on(dataset).column("prompt").model("/models/smollm2/int4").generate().write().parquet("answers");
 * }</pre>
 *
 * <p>{@link dev.ovchat.spark.ClusterSweep} measures configs on each kind of machine of the cluster.
 */
package dev.ovchat.spark;
