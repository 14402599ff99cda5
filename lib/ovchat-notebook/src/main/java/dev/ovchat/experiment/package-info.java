/**
 * Experiments with OpenVINO's config values: a grid of configs is run, measured and compared, and
 * the fastest config that keeps the text is proposed; {@link dev.ovchat.experiment.ConfigFile}
 * keeps it.
 *
 * <pre>{@code
 * List<Map<String, String>> configs = ConfigGrid.from(baseline).vary("NUM_STREAMS", "1", "2").oneAtATime();
 * Results results = experiment.run(configs, csv, new ProgressLine());
 * Advisor.advise(results);
 * }</pre>
 *
 * <p>{@link dev.ovchat.experiment.Tuning} chooses the format of the weights, too: {@link
 * dev.ovchat.experiment.Tuned} keeps what it found, and loads the model by it.
 */
package dev.ovchat.experiment;
