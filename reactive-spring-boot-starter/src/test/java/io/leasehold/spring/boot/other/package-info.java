/** Classes of another package. */
package io.leasehold.spring.boot.other;
