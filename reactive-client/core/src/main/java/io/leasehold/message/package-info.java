/** What travels: immutable values of a message, its id, headers, topic and body, and the codecs of the body. */
@NullMarked
package io.leasehold.message;

import org.jspecify.annotations.NullMarked;
