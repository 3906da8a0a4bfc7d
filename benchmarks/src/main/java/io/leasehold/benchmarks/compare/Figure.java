package io.leasehold.benchmarks.compare;

/** What is measured of each trial. */
enum Figure {
    RATE("msgs/s", "rate"),
    MEDIAN("p50 µs", "p50Micros"),
    BYTES("B/msg", "bytesPerMessage"),
    CLIENT("client µs", "clientCpuMicrosPerMessage"),
    SERVER("server µs", "serverCpuMicrosPerMessage");

    private final String title;
    private final String json;

    Figure(String title, String json) {
        this.title = title;
        this.json = json;
    }

    /** On the screen. */
    String title() {
        return title;
    }

    /** In the file. */
    String json() {
        return json;
    }
}
