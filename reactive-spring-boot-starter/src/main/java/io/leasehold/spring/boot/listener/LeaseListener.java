package io.leasehold.spring.boot.listener;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Has a method of a bean work on the messages of a topic filter, each under its lease.
 *
 * <p><b>Parameters</b>, in any order: at most one body, of any type that a codec knows, with its type arguments
 * ({@code List<Quake>}); {@code Delivery<Body>}; {@code Lease}; {@code Message}; {@code Headers}; {@link LeaseHeader}
 * on a parameter for one header. Without a body and a delivery nothing is decoded. A body that is {@code @Nullable}, or
 * {@code Delivery<@Nullable Quake>}, is null where a message has an empty body or JSON {@code null}, as those have that
 * say that something is deleted; otherwise such a message is one that cannot be decoded.
 *
 * <p><b>What it returns.</b>
 *
 * <ul>
 *   <li>{@code Mono}, {@code Flux} or another reactive type: subscribed under the lease, cancelled when it is lost.
 *       Completion acks, an error naks or dead-letters. The method itself must not block.
 *   <li>{@code CompletionStage}: as above; a {@code CompletableFuture} is cancelled when the lease is lost.
 *   <li>in Kotlin a function that suspends, {@code Flow} and {@code Deferred}, where {@code kotlinx-coroutines-reactor}
 *       is on the class path: the coroutine is cancelled when the lease is lost.
 *   <li>nothing, or a value: the method may block, on so many threads as {@link #concurrency} says, named after the
 *       group (see {@link io.leasehold.consume.Handler#blocking}); it has the trace of its message on its thread, and
 *       is interrupted when the lease is lost.
 * </ul>
 *
 * <p>A {@code Disposition} that is returned or emitted decides otherwise; other values are dropped. What a method
 * throws is an error of that message only. A reactive method that returns null fails with {@code BAD_HANDLER}. A type
 * behind which work may hide that nobody would subscribe to (a {@code Callable}, a {@code Stream}, an interface of a
 * library, a {@code Mono} within a {@code Mono}) is refused at the start.
 *
 * <p><b>Logs.</b> The trace of a message is in the Reactor context of a reactive method. Its ids get into the log lines
 * of that method only with {@code spring.reactor.context-propagation=auto}: Boot's default hands them to threads in
 * few operators only. Methods that block need nothing.
 *
 * <p><b>Texts.</b> All attributes may hold <code>${..}</code> and <code>#{..}</code>; durations are written like
 * {@code 30s}. What an attribute leaves empty comes from the properties {@code leasehold.consumer.*}, and what is set
 * as {@code leasehold.listeners.<id>.*} wins over both.
 *
 * <p>An annotation that cannot be followed stops the start of the application with an error that names the method.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface LeaseListener {
    /** The topic filter; the same as {@link #topic}. */
    @AliasFor("topic")
    String value() default "";

    /** The topic filter: a topic, with {@code *} for one token and a last {@code >} for the rest. */
    @AliasFor("value")
    String topic() default "";

    /**
     * The instances that share the messages. Brokers remember a group by its name, so it is always chosen; of one
     * group, an application has one listener.
     */
    String group();

    /** The name in the registry and in {@code leasehold.listeners.<id>.*}; that of the group by default. */
    String id() default "";

    /**
     * The client that it listens with: a name below {@code leasehold.clients}, in whatever form Boot takes it, or the
     * name or qualifier of a bean; the default client by default.
     */
    String client() default "";

    /** How many runs at once. */
    String concurrency() default "";

    /** How long the broker lends a delivery, where this application creates the group. */
    String leaseTime() default "";

    /** How long one try of the method may take. */
    String handlerTimeout() default "";

    /** How many failures make a dead letter, where there is a topic for them. */
    String maxDeliveries() default "";

    /** The topic of dead letters; none with {@code leasehold.listeners.<id>.dead-letter-to=} and nothing behind. */
    String deadLetterTo() default "";

    /** Whether messages of one key never overlap and keep their order of arrival: {@code true} or {@code false}. */
    String keyed() default "false";

    /** Where the group begins when it is created: {@code earliest}, {@code latest} or an instant in ISO 8601. */
    String startFrom() default "earliest";

    /** Whether it starts with the application: {@code true} or {@code false}. */
    String autoStart() default "true";
}
