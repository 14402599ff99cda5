/**
 * Results of ovchat as tablesaw tables, ready to be shown, sorted and saved.
 *
 * <pre>{@code
 * Tables.metrics(model.generate(ids, config))
 * }</pre>
 */
package dev.ovchat.table;
