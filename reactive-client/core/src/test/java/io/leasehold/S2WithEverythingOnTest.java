package io.leasehold;

/** All of {@link S2Test}, with all stages and recorders on. */
class S2WithEverythingOnTest extends S2Test {
    S2WithEverythingOnTest() {
        room.dressed(EverythingOn::in);
    }
}
