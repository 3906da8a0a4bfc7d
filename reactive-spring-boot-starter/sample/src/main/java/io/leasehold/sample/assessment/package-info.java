/** What is worked out for one earthquake: how far it was felt, how much energy it radiated. */
@NullMarked
package io.leasehold.sample.assessment;

import org.jspecify.annotations.NullMarked;
