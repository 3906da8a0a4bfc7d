/** Methods as listeners: the annotation, what its methods may look like, the registry and the lifecycle. */
@NullMarked
package io.leasehold.spring.boot.listener;

import org.jspecify.annotations.NullMarked;
