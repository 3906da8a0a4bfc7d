/** The broker in this process: topics, groups, leases, retention, duplicates and back-pressure, all in memory. */
@NullMarked
package io.leasehold.embedded;

import org.jspecify.annotations.NullMarked;
