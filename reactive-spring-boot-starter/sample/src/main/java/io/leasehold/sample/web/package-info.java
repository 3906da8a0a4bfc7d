/** The HTTP side of the quake desk. */
@NullMarked
package io.leasehold.sample.web;

import org.jspecify.annotations.NullMarked;
