package io.leasehold.nats.server;

import java.util.Random;
import java.util.function.Consumer;

/** Something bad that lasts until it is ended. */
public interface Fault {

    String name();

    /** Begins, and returns while it lasts; what is to be drawn is drawn from here. */
    void begin(Random random);

    /** Puts everything right again. */
    void end();

    static Fault of(String name, Consumer<Random> begin, Runnable end) {
        return new Fault() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void begin(Random random) {
                begin.accept(random);
            }

            @Override
            public void end() {
                end.run();
            }
        };
    }
}
