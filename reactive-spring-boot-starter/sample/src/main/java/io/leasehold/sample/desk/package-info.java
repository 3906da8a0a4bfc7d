/** The books of the quake desk: which message is assessed, what was counted, what is said about it. */
@NullMarked
package io.leasehold.sample.desk;

import org.jspecify.annotations.NullMarked;
