package io.leasehold;

/** All of {@link S0Test}, with all stages and recorders on. */
class S0WithEverythingOnTest extends S0Test {
    S0WithEverythingOnTest() {
        room.dressed(EverythingOn::in);
    }
}
