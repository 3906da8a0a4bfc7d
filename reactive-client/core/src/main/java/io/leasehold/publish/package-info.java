/**
 * Publishing: the publisher that users call, the window that bounds what is unconfirmed, stages on the way, order by
 * key, and the ids by which a message is recognised when it is written again.
 */
@NullMarked
package io.leasehold.publish;

import org.jspecify.annotations.NullMarked;
