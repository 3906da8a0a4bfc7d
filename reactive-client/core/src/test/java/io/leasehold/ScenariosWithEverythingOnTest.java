package io.leasehold;

/** All of {@link ScenariosTest}, with all stages and recorders on. */
class ScenariosWithEverythingOnTest extends ScenariosTest {
    ScenariosWithEverythingOnTest() {
        room.dressed(EverythingOn::in);
    }
}
