/**
 * Says for whom a public type is. Without a word it is for users. {@link io.leasehold.api.BrokerApi} marks what only
 * whoever writes a broker needs, {@link io.leasehold.api.Internal} what is public for our own packages alone.
 */
@NullMarked
package io.leasehold.api;

import org.jspecify.annotations.NullMarked;
