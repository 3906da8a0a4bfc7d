package io.leasehold.spring.boot.other;

import io.leasehold.spring.boot.listener.LeaseListener;

/** Has a listener that classes of other packages inherit and cannot override. */
public class BaseOfAnotherPackage {
    @LeaseListener(topic = "hidden", group = "hidden")
    void on(String body) {}
}
