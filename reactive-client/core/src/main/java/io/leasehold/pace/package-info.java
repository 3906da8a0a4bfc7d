/**
 * Tempo and turn-taking: backoff and retry policies, a serial queue, a delay queue, the draining of what many fill, and
 * loops that share a scheduler fairly.
 */
@NullMarked
package io.leasehold.pace;

import org.jspecify.annotations.NullMarked;
