package io.leasehold.nats.connection;

/** Looks for requests that have waited too long, as long as there are any. */
final class Overdue {
    private final Home home;
    private final RequestTable requests;
    private final Alarm alarm;

    Overdue(Home home, RequestTable requests) {
        this.home = home;
        this.requests = requests;
        this.alarm = new Alarm(home, this::look);
    }

    /** To be called when requests may have been written. */
    void watch() {
        if (requests.size() > 0) {
            alarm.at(home.nanos() + RequestWheel.TICK_NANOS);
        }
    }

    private void look() {
        requests.expire(home.nanos());
        watch();
    }

    void stop() {
        alarm.off();
    }
}
