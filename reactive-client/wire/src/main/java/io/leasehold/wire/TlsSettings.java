package io.leasehold.wire;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Says how a connection is secured: TLS 1.2 or 1.3, the name in the certificate always checked. The files are read
 * again at each connect.
 *
 * @param mode when
 * @param trust certificates in PEM that sign those of the servers; empty for those of the Java runtime
 * @param identity our own certificate and key, where the server wants to see them
 */
@CheckReturnValue
public record TlsSettings(Mode mode, Optional<Path> trust, Optional<Identity> identity) {
    /** When the server asks for it, or its address does; trusting what the runtime trusts. */
    public static final TlsSettings DEFAULTS = new TlsSettings(Mode.AS_ASKED, Optional.empty(), Optional.empty());

    /** When TLS is used. */
    public enum Mode {
        /** When the server asks for it, and for addresses that do; from then on always. */
        AS_ASKED,
        /** Always: a server that does not offer it is not talked to. */
        REQUIRED,
        /** Always, and before anything else is said. */
        FIRST
    }

    /**
     * Our own certificate, and the key to it.
     *
     * @param certificate a chain in PEM
     * @param key a key in PKCS 8 and PEM, without password
     */
    public record Identity(Path certificate, Path key) {}

    /** Returns the same with another mode. */
    public TlsSettings with(Mode other) {
        return new TlsSettings(other, trust, identity);
    }

    /** Returns the same, trusting what these certificates have signed. */
    public TlsSettings trusting(Path pem) {
        return new TlsSettings(mode, Optional.of(pem), identity);
    }

    /** Returns the same with a certificate of our own. */
    public TlsSettings as(Identity own) {
        return new TlsSettings(mode, trust, Optional.of(own));
    }

    /**
     * Reads the files once, before anything is dialled: what can never work ends the start. Blocks.
     *
     * @param protocol whose settings these are, for errors
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}, naming the file, what was found in it and what to do
     */
    public void require(WireProtocol protocol) {
        trust.ifPresent(pem -> PemFile.requireCertificate(pem, protocol.setting("tls.trust")));
        identity.ifPresent(own -> {
            PemFile.requireCertificate(own.certificate(), protocol.setting("tls.certificate"));
            PemFile.requireKey(own.key(), protocol.setting("tls.key"));
        });
        if (trust.isPresent() || identity.isPresent()) {
            context(protocol);
        }
    }

    /**
     * Reads the files; blocks.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    @CanIgnoreReturnValue
    SslContext context(WireProtocol protocol) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .protocols("TLSv1.3", "TLSv1.2")
                    .endpointIdentificationAlgorithm("HTTPS");
            trust.ifPresent(pem -> builder.trustManager(pem.toFile()));
            identity.ifPresent(own ->
                    builder.keyManager(own.certificate().toFile(), own.key().toFile()));
            return builder.build();
        } catch (SSLException | IllegalArgumentException unfit) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "the certificates or the key cannot be used",
                    protocol.setting("tls") + ", " + trust.map(Path::toString).orElse("")
                            + identity.map(own -> " " + own.certificate() + " " + own.key())
                                    .orElse(""),
                    "give files in PEM, the key in PKCS 8 without password",
                    unfit);
        }
    }
}
