package io.leasehold.nats.server;

import java.util.List;

/** Which of the servers that were found a class is run against. */
public enum ServerChoice {
    /** Each. */
    ALL,
    /** The newest. */
    NEWEST,
    /** The oldest, unless it is also the newest. */
    OLDEST,
    /** Those between the oldest and the newest. */
    MIDDLE;

    /** The chosen ones of all, which come oldest first; possibly none. */
    public List<ServerBinary> of(List<ServerBinary> all) {
        int last = all.size() - 1;
        if (this == ALL || last < 0) {
            return all;
        }
        return switch (this) {
            case NEWEST -> all.subList(last, last + 1);
            case OLDEST -> all.subList(0, Math.min(1, last));
            default -> all.subList(Math.min(1, last), last);
        };
    }
}
