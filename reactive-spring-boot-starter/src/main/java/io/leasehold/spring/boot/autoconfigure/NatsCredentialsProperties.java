package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.NatsSettings;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who we are to NATS: a user with a password, or one of the others. Nothing of it is ever printed.
 *
 * @param username the name of a user
 * @param password the password of that user
 * @param token a token instead
 * @param nkeySeed the seed of a user's key instead, SU..; the key signs and never leaves us
 * @param nkeySeedFile a file with that seed instead, which is read again at each connect
 * @param file a credentials file with JWT and seed instead, as nsc writes it, which is read again at each connect
 */
public record NatsCredentialsProperties(
        @Nullable String username,
        @Nullable String password,
        @Nullable String token,
        @Nullable String nkeySeed,
        @Nullable Path nkeySeedFile,
        @Nullable Path file) {
    /**
     * Checks that there is one way of saying it, and that it is whole.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} naming the property
     */
    public NatsCredentialsProperties {
        if ((username == null) != (password == null)) {
            String missing = username == null ? "username" : "password";
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "a user and a password belong together",
                    missing,
                    "set leasehold.nats.credentials." + missing + " too");
        }
        long ways = Stream.of(username, token, nkeySeed, nkeySeedFile, file)
                .filter(Objects::nonNull)
                .count();
        if (ways > 1) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "who we are is said in " + ways + " ways",
                    "the properties under leasehold.nats.credentials",
                    "keep one of username with password, token, nkey-seed, nkey-seed-file and file");
        }
    }

    boolean isSet() {
        return Stream.of(username, token, nkeySeed, nkeySeedFile, file).anyMatch(Objects::nonNull);
    }

    void addTo(NatsSettings.Builder builder) {
        if (username != null && password != null) {
            builder.username(username).password(password);
        }
        NatsProperties.with(builder, token, NatsSettings.Builder::token);
        NatsProperties.with(builder, nkeySeed, NatsSettings.Builder::nkeySeed);
        NatsProperties.with(builder, nkeySeedFile, NatsSettings.Builder::nkeySeedFile);
        NatsProperties.with(builder, file, NatsSettings.Builder::credentialsFile);
    }

    @Override
    public String toString() {
        return "NatsCredentialsProperties[" + (isSet() ? "***" : "") + "]";
    }
}
