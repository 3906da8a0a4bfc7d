package io.leasehold.publish;

import org.jspecify.annotations.Nullable;

/**
 * The places of a publish in the window's lists, so that it can leave each of them at once. Touched in turns only.
 */
abstract class Linked extends Decision {
    @Nullable
    Publish openBefore;

    @Nullable
    Publish openAfter;

    @Nullable
    Publish waitsBefore;

    @Nullable
    Publish waitsAfter;
}
