package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Broker;
import io.leasehold.embedded.EmbeddedBroker;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The names of properties are read off the records that they are bound to. */
class KnownPropertiesTest {
    /** Has a map of texts, beside one of records. */
    record FarProperties(List<String> uris, Map<String, String> clientProperties, Map<String, Queue> queues) {}

    record Queue(int depth) {}

    /** Is a kind of broker of somebody else's. */
    private static final class FarFactory implements BrokerFactory<FarProperties> {
        @Override
        public String name() {
            return "far";
        }

        @Override
        public Class<FarProperties> properties() {
            return FarProperties.class;
        }

        @Override
        public boolean isAddressed(FarProperties properties) {
            return false;
        }

        @Override
        public Broker create(FarProperties properties) {
            return EmbeddedBroker.create();
        }
    }

    @Test
    void whatStandsInAMapOfTextsIsKnownWhateverItsName() {
        KnownProperties known = KnownProperties.of(List.of(new FarFactory()));

        assertThat(known.isKnown("leasehold.far.client-properties.connection-name"))
                .isTrue();
        assertThat(known.isKnown("leasehold.clients.archive.far.client-properties.a.b"))
                .isTrue();
        assertThat(known.isKnown("leasehold.far.queues.big.depth")).isTrue();
        assertThat(known.isKnown("leasehold.far.queues.big.width")).isFalse();
        assertThat(known.isKnown("leasehold.far.uri")).isFalse();
    }
}
