package io.leasehold.publish;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * What was taken of a subscriber when it subscribed, for the stages.
 *
 * @param context its Reactor context, and what stages took into it
 * @param held what its thread held; null for nothing
 * @param isWhole whether all stages took what they wanted; when not, none may let a message pass without
 */
record Captured(Context context, @Nullable Object held, boolean isWhole) {}
