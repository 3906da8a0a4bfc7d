package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.broker.contract.BrokerContract;
import io.leasehold.wire.Link;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The jars say by which name they want to be known on a module path. */
class JarsIT {

    private static String nameOf(Class<?> type) throws Exception {
        Path jar =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue("Automatic-Module-Name");
        }
    }

    @Test
    void eachHasTheNameOfItsModule() throws Exception {
        assertThat(nameOf(MessageClient.class)).isEqualTo("io.leasehold");
        assertThat(nameOf(BrokerContract.class)).isEqualTo("io.leasehold.broker.contract");
        assertThat(nameOf(Link.class)).isEqualTo("io.leasehold.wire");
        assertThat(nameOf(NatsBroker.class)).isEqualTo("io.leasehold.nats");
    }
}
