/** The health of a client, where the application has Boot's health. */
@NullMarked
package io.leasehold.spring.boot.health;

import org.jspecify.annotations.NullMarked;
