package io.leasehold.nats.connection;

import com.sun.management.ThreadMXBean;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Requests that were made before, and what the connection's own thread allocates for them. */
final class CountedRequests {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final byte[] BODY = new byte[16];

    private final Subject subject;
    private final Each[] requests;
    private final CountDownLatch answers;
    private volatile long first;
    private volatile long last;

    CountedRequests(String subject, int many) {
        this.subject = Subject.of(subject);
        this.answers = new CountDownLatch(many);
        this.requests = new Each[many];
        for (int i = 0; i < many; i++) {
            requests[i] = new Each();
        }
    }

    /** Writes all of them and waits for their answers. */
    void write(NatsConnection connection) throws InterruptedException {
        for (Each request : requests) {
            connection.write(request);
        }
        if (!answers.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError(answers.getCount() + " answers did not come " + connection.server());
        }
    }

    /** From when the first was written until the last was answered. */
    long allocatedBytes() {
        return last - first;
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private final class Each extends Request {
        @Override
        protected Subject subject() {
            return subject;
        }

        @Override
        protected byte[] body() {
            return BODY;
        }

        @Override
        protected long limitNanos() {
            return TimeUnit.SECONDS.toNanos(30);
        }

        @Override
        protected boolean tryWrite() {
            if (first == 0) {
                first = allocated();
            }
            return true;
        }

        @Override
        protected void refused(MessagingException why) {
            throw why;
        }

        @Override
        protected void answered(MessageFrame answer) {
            if (answers.getCount() == 1) {
                last = allocated();
            }
            answers.countDown();
        }

        @Override
        protected void failed(MessagingException why) {
            throw why;
        }
    }
}
