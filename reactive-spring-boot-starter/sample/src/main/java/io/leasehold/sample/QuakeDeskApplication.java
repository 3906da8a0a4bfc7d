package io.leasehold.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The quake desk as a service: http://localhost:8080 shows how it gets on. */
@SpringBootApplication(proxyBeanMethods = false)
public final class QuakeDeskApplication {

    private QuakeDeskApplication() {}

    /** Starts the desk, and with it the replay. */
    public static void main(String[] arguments) {
        SpringApplication.run(QuakeDeskApplication.class, arguments);
    }
}
