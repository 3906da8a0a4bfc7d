package io.leasehold.publish;

import java.util.concurrent.Executor;

/** Something that runs user code: what it tells, and where. */
interface Signal extends Runnable {
    Executor where();
}
