package io.leasehold.benchmarks.baseline;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.InterruptedIOException;

/** Opens and closes connections of jnats, with its default options. */
final class JnatsConnection {
    private JnatsConnection() {}

    static Connection open(String url) throws IOException {
        try {
            return Nats.connect(new Options.Builder().server(url).build());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    static void close(Connection connection) throws IOException {
        try {
            connection.close();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException();
    }
}
