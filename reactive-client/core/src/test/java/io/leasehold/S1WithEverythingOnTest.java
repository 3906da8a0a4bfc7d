package io.leasehold;

/** All of {@link S1Test}, with all stages and recorders on. */
class S1WithEverythingOnTest extends S1Test {
    S1WithEverythingOnTest() {
        room.dressed(EverythingOn::in);
    }
}
