/**
 * Experiments with OpenVINO's config values: a grid of configs is run, measured and compared, and
 * the fastest config that keeps the text is proposed.
 */
package dev.ovchat.experiment;
