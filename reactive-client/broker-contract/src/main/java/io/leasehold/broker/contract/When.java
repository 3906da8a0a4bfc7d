package io.leasehold.broker.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says for which brokers a test of the contract is, or all tests of a part of it: for those that have all traits. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@interface When {
    /** The traits. */
    Trait[] value();
}
