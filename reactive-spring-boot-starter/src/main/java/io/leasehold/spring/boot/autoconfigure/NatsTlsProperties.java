package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.NatsSettings;
import io.leasehold.nats.NatsTls;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How connections to NATS are secured: TLS 1.2 or 1.3, the name in the certificate always checked. The files are read
 * again at each connect.
 *
 * @param mode when TLS is used
 * @param trust certificates in PEM that sign those of the servers; those of the Java runtime if not set
 * @param certificate our own certificate chain in PEM, where the server wants to see one
 * @param key the key of that certificate, in PKCS 8 and PEM, without password
 */
public record NatsTlsProperties(
        @Nullable NatsTls mode,
        @Nullable Path trust,
        @Nullable Path certificate,
        @Nullable Path key) {

    /**
     * Checks that certificate and key come together.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} naming the property
     */
    public NatsTlsProperties {
        if ((certificate == null) != (key == null)) {
            String missing = certificate == null ? "certificate" : "key";
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "a certificate and its key belong together",
                    missing,
                    "set leasehold.nats.tls." + missing + " too");
        }
    }

    void addTo(NatsSettings.Builder builder) {
        NatsProperties.with(builder, mode, NatsSettings.Builder::tls);
        NatsProperties.with(builder, trust, NatsSettings.Builder::trust);
        NatsProperties.with(builder, certificate, NatsSettings.Builder::certificate);
        NatsProperties.with(builder, key, NatsSettings.Builder::key);
    }
}
