/** What happens, told to whoever wants to know: typed events, and the recorder that everything reports to. */
@NullMarked
package io.leasehold.event;

import org.jspecify.annotations.NullMarked;
