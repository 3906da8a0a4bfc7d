package io.leasehold.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

/** What holds of every connection under TLS. */
class TlsSettingsTest {

    @Test
    void onlyNewVersionsAreSpokenAndTheNameIsAlwaysChecked() {
        SSLEngine engine =
                TlsSettings.defaults(TestLoop.PROTOCOL).context().newEngine(ByteBufAllocator.DEFAULT, "localhost", 1);
        assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
        assertThat(engine.getSSLParameters().getEndpointIdentificationAlgorithm())
                .isEqualTo("HTTPS");
        ReferenceCountUtil.release(engine);
    }
}
