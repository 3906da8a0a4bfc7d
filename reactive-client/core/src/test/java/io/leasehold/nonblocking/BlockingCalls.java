package io.leasehold.nonblocking;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import reactor.blockhound.BlockHound;

/**
 * Whoever blocks a thread that must not block is found, in all tests of this module: the call fails, and so does the
 * test in which it was made, also when somebody caught the error. Must not block: the threads of {@code
 * Schedulers.parallel} and {@code single}, our time threads among them, and a test's own thread while it works off
 * virtual time. The threads of {@code boundedElastic} and of cancels may.
 */
final class BlockingCalls {
    private static final List<Throwable> FOUND = new CopyOnWriteArrayList<>();
    private static volatile Thread testing;

    private BlockingCalls() {}

    /** What a test does. */
    interface Test<X extends Throwable> {
        void run() throws X;
    }

    static void watch() {
        readFilesOnce();
        BlockHound.Builder hound = BlockHound.builder()
                .loadIntegrations()
                .addDynamicThreadPredicate(thread -> thread.getName().equals("main"))
                .nonBlockingThreadPredicate(given -> given.or(thread -> thread == testing))
                .allowBlockingCallsInside(BlockingCalls.class.getName(), "during")
                .disallowBlockingCallsInside("reactor.test.scheduler.VirtualTimeScheduler", "drain")
                .disallowBlockingCallsInside("io.leasehold.simulation.SimWorld", "step")
                .blockingMethodCallback(method -> {
                    Error error = new BlockingCall(method + " on " + Thread.currentThread());
                    FOUND.add(error);
                    throw error;
                });
        allowOthers(hound);
        hound.install();
    }

    // What the JDK reads from files when it is first used, whoever happens to be the first.
    private static void readFilesOnce() {
        try {
            MessageDigest.getInstance("SHA-256")
                    .update(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    private static void allowOthers(BlockHound.Builder hound) {
        // A pool's own lock, for the moment in which one of its threads begins or ends, or a task meets its end.
        for (String moment :
                List.of("addWorker", "processWorkerExit", "tryTerminate", "shutdown", "shutdownNow", "remove")) {
            hound.allowBlockingCallsInside(ThreadPoolExecutor.class.getName(), moment);
        }
        // A task that is being cancelled yields until whoever cancels it has said so; a map, while another thread makes
        // its table.
        hound.allowBlockingCallsInside("java.util.concurrent.FutureTask", "handlePossibleCancellationInterrupt")
                .allowBlockingCallsInside("java.util.concurrent.ConcurrentHashMap", "initTable");
        // The lock in the queue of virtual time, where a test has real threads beside it.
        for (String use : List.of("offer", "poll", "peek", "remove", "clear", "size")) {
            hound.allowBlockingCallsInside(PriorityBlockingQueue.class.getName(), use);
        }
        // The lock of Netty's allocator, for the moment in which a part of it is made or goes.
        hound.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free")
                .allowBlockingCallsInside(
                        "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
        // Some libraries look for services when they are first used.
        hound.allowBlockingCallsInside("java.util.ServiceLoader$LazyClassPathLookupIterator", "parse");
        // The subscribers of the kit for Reactive Streams keep what they get in queues with locks.
        for (String kept : List.of("add", "complete")) {
            hound.allowBlockingCallsInside("org.reactivestreams.tck.TestEnvironment$Receptacle", kept);
        }
        // The JDK yields until a virtual thread whose stack is looked at stands still.
        hound.allowBlockingCallsInside("java.lang.VirtualThread", "asyncGetStackTrace");
        // The pool of virtual threads spins, while another thread makes it a queue, when it is given one to run.
        for (String given : List.of(
                "submitRunContinuation", "externalSubmitRunContinuation", "externalSubmitRunContinuationOrThrow")) {
            hound.allowBlockingCallsInside("java.lang.VirtualThread", given);
        }
        // Whoever builds a client waits for the system's random numbers.
        hound.allowBlockingCallsInside("io.leasehold.simulation.Cluster", "newClient");
        // These block on purpose, as user code might.
        hound.allowBlockingCallsInside("io.leasehold.LiveRoom", "blockDeafly")
                .allowBlockingCallsInside("io.leasehold.LiveRoom", "block")
                .allowBlockingCallsInside("io.leasehold.pace.TaskLoopsTest", "await")
                .allowBlockingCallsInside("io.leasehold.publish.PublishThreadsTest", "await");
    }

    /** Runs a test; its thread may block, but not in virtual time. */
    static <X extends Throwable> void during(Test<X> test) throws X {
        Thread before = testing;
        testing = Thread.currentThread();
        try {
            test.run();
        } finally {
            testing = before;
        }
    }

    /** What was found since the last time, with the stacks. */
    static List<Throwable> take() {
        List<Throwable> found = List.copyOf(FOUND);
        FOUND.removeAll(found);
        return found;
    }

    /** Fails when something was found. */
    static void check() {
        List<Throwable> found = take();
        if (!found.isEmpty()) {
            throw new AssertionError("blocked: " + found.size() + " times, first", found.get(0));
        }
    }

    /** A call that would have blocked. */
    static final class BlockingCall extends Error {
        private static final long serialVersionUID = 1L;

        BlockingCall(String what) {
            super(what);
        }
    }
}
