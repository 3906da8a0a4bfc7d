package io.leasehold.pace;

/** What one stage keeps for one message: a number, so that keeping it allocates nothing. */
public interface StageState {
    /** What the stage that is asked keeps for this message; 0 at first. */
    long state();

    /** Has the stage that is asked keep something for this message. */
    void state(long next);
}
