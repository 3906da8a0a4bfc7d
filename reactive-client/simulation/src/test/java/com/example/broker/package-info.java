/** A broker that somebody else might write, against the published modules alone. */
@NullMarked
package com.example.broker;

import org.jspecify.annotations.NullMarked;
