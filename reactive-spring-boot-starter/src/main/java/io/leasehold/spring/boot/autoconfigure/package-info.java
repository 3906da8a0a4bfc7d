/** Auto-configuration of the client: its properties, connection details and customizers. */
@NullMarked
package io.leasehold.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
