/**
 * Consumes messages: what came from the broker waits for its key and for a slot, runs under its lease, and is settled
 * by how that ends.
 *
 * <pre>
 *   what runs when      Consumption (a subscription: credit, life)   Dispatcher (a group: registry, lanes, slots)
 *                       Mode (what becomes work, what the subscriber sees)   GroupWatch (orphans, stalled runs)
 *          | starts                     ^ DeliveryReceiver: has arrived, has changed, has closed
 *          v                            |
 *   the work on one     HeldDelivery   Run   BatchRun   BlockingCall   and RunContext, the list of what they are given:
 *          |
 *          v
 *   what these need     Execution   StagePass   LeaseOpener   BodyDecoder   FailureRules, RedeliveryMemory, DeadLetters
 * </pre>
 *
 * Each row knows those below it. A delivery and its run know neither the subscription nor the dispatcher: they tell the
 * receiver, which is why both can be read alone. What stands in the last row knows no delivery, but its handout and its
 * lease.
 */
@NullMarked
package io.leasehold.consume;

import org.jspecify.annotations.NullMarked;
