package io.leasehold.wire;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Holds how a connection is secured: TLS 1.2 or 1.3, the name in the certificate always checked. The files are read
 * again at each connect. Values only, so that equal ones are equal.
 */
@CheckReturnValue
public final class TlsSettings {
    private final WireProtocol protocol;
    private final Mode mode;
    private final Optional<Path> trust;
    private final Optional<Path> certificate;
    private final Optional<Path> key;

    private TlsSettings(Builder values) {
        protocol = values.protocol;
        mode = values.mode;
        trust = values.trust;
        certificate = values.certificate;
        key = values.key;
    }

    /**
     * Returns the defaults.
     *
     * @param protocol whose settings these are, for errors
     */
    public static TlsSettings defaults(WireProtocol protocol) {
        return new Builder(protocol).build();
    }

    /**
     * Makes a builder that starts from the defaults.
     *
     * @param protocol whose settings these are, for errors
     */
    public static Builder builder(WireProtocol protocol) {
        return new Builder(protocol);
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        Builder values = new Builder(protocol);
        values.mode = mode;
        values.trust = trust;
        values.certificate = certificate;
        values.key = key;

        return values;
    }

    /** Returns when TLS is used. */
    public Mode mode() {
        return mode;
    }

    /** Returns the certificates that sign those of the servers; empty for those of the Java runtime. */
    public Optional<Path> trust() {
        return trust;
    }

    /** Returns our own certificate chain, where the server wants to see one. */
    public Optional<Path> certificate() {
        return certificate;
    }

    /** Returns the key of our own certificate. */
    public Optional<Path> key() {
        return key;
    }

    /**
     * Reads the files once, before anything is dialled: what can never work ends the start. Blocks.
     *
     * @throws MessagingException {@code BAD_SETTING}, naming the file, what was found in it and what to do
     */
    public void require() {
        trust.ifPresent(pem -> PemFile.requireCertificate(pem, protocol.setting("tls.trust")));
        certificate.ifPresent(pem -> PemFile.requireCertificate(pem, protocol.setting("tls.certificate")));
        key.ifPresent(pem -> PemFile.requireKey(pem, protocol.setting("tls.key")));
        if (trust.isPresent() || certificate.isPresent()) {
            context();
        }
    }

    /**
     * Reads the files; blocks.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    @CanIgnoreReturnValue
    SslContext context() {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .protocols("TLSv1.3", "TLSv1.2")
                    .endpointIdentificationAlgorithm("HTTPS");
            trust.ifPresent(pem -> builder.trustManager(pem.toFile()));
            if (certificate.isPresent()) {
                builder.keyManager(certificate.get().toFile(), key.orElseThrow().toFile());
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException unfit) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "the certificates or the key cannot be used",
                    Stream.of(trust, certificate, key)
                            .flatMap(Optional::stream)
                            .map(Path::toString)
                            .collect(Collectors.joining(" ", protocol.setting("tls") + ", ", "")),
                    "give files in PEM, the key in PKCS 8 without password",
                    unfit);
        }
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(protocol, mode, trust, certificate, key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TlsSettings that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "TlsSettings" + values();
    }

    /** Says when TLS is used. */
    public enum Mode {
        /** When the server asks for it, and for addresses that do; from then on always. */
        AS_ASKED,
        /** Always: a server that does not offer it is not talked to. */
        REQUIRED,
        /** Always, and before anything else is said. */
        FIRST
    }

    /** Makes settings; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final WireProtocol protocol;
        private Mode mode = Mode.AS_ASKED;
        private Optional<Path> trust = Optional.empty();
        private Optional<Path> certificate = Optional.empty();
        private Optional<Path> key = Optional.empty();

        private Builder(WireProtocol protocol) {
            this.protocol = protocol;
        }

        /** Sets when TLS is used; default {@link Mode#AS_ASKED}. */
        public Builder mode(Mode when) {
            mode = Objects.requireNonNull(when, "tls.mode");
            return this;
        }

        /** Sets the certificates in PEM that sign those of the servers; default those of the Java runtime. */
        public Builder trust(Path pem) {
            trust = Optional.of(pem);
            return this;
        }

        /** Sets our own certificate chain in PEM; default none. Belongs together with {@link #key}. */
        public Builder certificate(Path pem) {
            certificate = Optional.of(pem);
            return this;
        }

        /**
         * Sets the key of our own certificate, in PKCS 8 and PEM, without password; default none. A key in another form
         * ends the start with {@code BAD_SETTING}.
         */
        public Builder key(Path pem) {
            key = Optional.of(pem);
            return this;
        }

        /**
         * Makes the settings.
         *
         * @throws MessagingException {@code BAD_SETTING} for a certificate without its key, or a key without its
         *     certificate
         */
        @CheckReturnValue
        public TlsSettings build() {
            if (certificate.isPresent() != key.isPresent()) {
                String missing = certificate.isPresent() ? "key" : "certificate";
                throw new MessagingException(
                        ErrorCode.BAD_SETTING,
                        "a certificate and its key belong together",
                        protocol.setting("tls." + missing),
                        "set the " + missing + " too");
            }

            return new TlsSettings(this);
        }
    }
}
