/** What is fed with anything: targets that hold properties, random changes of good inputs, and Jazzer's way in. */
package io.leasehold.nats.fuzz;
