package io.leasehold.publish;

import org.jspecify.annotations.Nullable;

/**
 * The places of a publish in the window's lists, so that it can leave each of them at once. Touched in turns only.
 */
abstract class Linked extends WriteState {
    @Nullable
    PendingPublish openBefore;

    @Nullable
    PendingPublish openAfter;

    @Nullable
    PendingPublish waitsBefore;

    @Nullable
    PendingPublish waitsAfter;
}
