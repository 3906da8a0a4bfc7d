package io.leasehold.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method, or all methods of a type and of the types in it, whose result must be used: a {@code Mono} that
 * nobody subscribes does nothing, and an immutable value is changed by taking the new one. Error Prone and IDEs know
 * the annotation by its simple name, and report a call whose result is dropped.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface CheckReturnValue {}
