package dev.ovchat.export;

import java.util.Optional;

/**
 * A matrix whose columns data-free AWQ may scale, and what undoes it.
 *
 * @param matrix the matrix
 * @param before the matrix that makes its features, whose rows are scaled the other way; empty
 *     where the features are scaled in the graph
 * @param source the name of the operation that makes the features, before anything is multiplied
 */
record AwqMatch(Matrix matrix, Optional<Matrix> before, String source) {}
