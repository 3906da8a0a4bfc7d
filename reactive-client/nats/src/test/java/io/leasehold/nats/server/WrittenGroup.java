package io.leasehold.nats.server;

import io.leasehold.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a server has written of a consumer, in a file of its store. It writes about 100 ms after it has heard of a
 * delivery, so a test that kills it waits here for what it relies on.
 */
public final class WrittenGroup {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int HEAD_BYTES = 2;
    private static final int SEVEN_BITS = 0x7f;

    private final Path file;

    WrittenGroup(Path store, String stream, String consumer) {
        this.file = store.resolve("jetstream/$G/streams/" + stream + "/obs/" + consumer + "/o.dat");
    }

    /** Waits until so many deliveries of the consumer, each counted, are written. */
    public void awaitDeliveries(long count) {
        Threads.await(count + " written deliveries in " + file, LIMIT, () -> deliveries() >= count);
    }

    /** How many deliveries are written; none while there is no file that can be read. */
    long deliveries() {
        ByteBuffer bytes = ByteBuffer.wrap(read());
        if (bytes.remaining() <= HEAD_BYTES) {
            return 0;
        }
        bytes.position(HEAD_BYTES);
        // Before it: the numbers of the delivery and of the message up to which all is acked.
        number(bytes);
        number(bytes);
        return number(bytes);
    }

    // Seven bits each, the lowest first, the eighth says that more follow.
    private static long number(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; bytes.hasRemaining(); shift += 7) {
            byte next = bytes.get();
            number |= (long) (next & SEVEN_BITS) << shift;
            if (next >= 0) {
                return number;
            }
        }
        return 0;
    }

    private byte[] read() {
        try {
            return Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
        } catch (IOException replaced) {
            return new byte[0];
        }
    }

    /** From now on nothing more is written, until {@link #allow}; what was written is gone. */
    void prevent() {
        Threads.await("a folder in place of " + file, LIMIT, this::isPrevented);
    }

    // The server may write at any moment.
    private boolean isPrevented() {
        try {
            Files.deleteIfExists(file);
            Files.createDirectories(file.resolve("in the way"));
            return true;
        } catch (FileAlreadyExistsException written) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void allow() {
        BuildFolder.remove(file);
    }
}
