package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.JsonWriter;
import io.leasehold.wire.Secret;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Who we are to a server. Read again at each connect, after the connection is secured; nothing of it is ever printed.
 */
public sealed interface Credentials {
    /** Nobody in particular. */
    Credentials NONE = new Anonymous();

    /** Whether one who hears them once can use them for himself. */
    boolean canBeReplayed();

    /**
     * Adds what proves them. May block.
     *
     * @param nonce what the server wants to have signed; empty when it wants nothing
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} when they cannot be read, {@link
     *     ErrorCode#NOT_PERMITTED} when the server does not ask for a signature
     */
    void prove(String nonce, JsonWriter connect);

    /**
     * Reads credentials once, before anything is dialled: what can never work ends the start. May block.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}, naming the file
     */
    static void require(Credentials credentials) {
        JsonWriter connect = new JsonWriter();
        credentials.prove("a nonce", connect);
        Arrays.fill(connect.end(), (byte) 0);
    }

    /** No credentials. */
    record Anonymous() implements Credentials {
        @Override
        public boolean canBeReplayed() {
            return false;
        }

        @Override
        public void prove(String nonce, JsonWriter connect) {}
    }

    /**
     * A user and a password.
     *
     * @param user the name
     * @param password what only the server knows besides
     */
    record Password(String user, Secret password) implements Credentials {
        @Override
        public boolean canBeReplayed() {
            return true;
        }

        @Override
        public void prove(String nonce, JsonWriter connect) {
            connect.add("user", user).addSecret("pass", password.read());
        }
    }

    /**
     * A token.
     *
     * @param token what only the server knows besides
     */
    record Token(Secret token) implements Credentials {
        @Override
        public boolean canBeReplayed() {
            return true;
        }

        @Override
        public void prove(String nonce, JsonWriter connect) {
            connect.addSecret("auth_token", token.read());
        }
    }

    /**
     * The key of a user, which never leaves us: it signs.
     *
     * @param seed the seed, {@code SU...}
     */
    record NKey(Secret seed) implements Credentials {
        @Override
        public boolean canBeReplayed() {
            return false;
        }

        @Override
        public void prove(String nonce, JsonWriter connect) {
            char[] text = seed.readStripped();
            try {
                UserKey key = UserKey.ofSeed(text, seed.place());
                connect.add("nkey", key.publicText()).add("sig", key.sign(required(nonce)));
            } finally {
                Arrays.fill(text, '\0');
            }
        }
    }

    /**
     * A credentials file: the JWT of a user and the seed that goes with it.
     *
     * @param path where it lies
     */
    record JwtFile(Path path) implements Credentials {
        @Override
        public boolean canBeReplayed() {
            return false;
        }

        @Override
        public void prove(String nonce, JsonWriter connect) {
            CredentialsFile file = CredentialsFile.read(path);
            try {
                UserKey key = UserKey.ofSeed(file.seed(), path.toString());
                connect.add("jwt", file.jwt()).add("sig", key.sign(required(nonce)));
            } finally {
                file.wipe();
            }
        }
    }

    private static String required(String nonce) {
        if (nonce.isEmpty()) {
            throw new MessagingException(
                    ErrorCode.NOT_PERMITTED,
                    "the server asks for no signature, so the key proves nothing to it",
                    "nats credentials",
                    "check that the server is set up for NKeys or JWTs, or give other credentials");
        }
        return nonce;
    }
}
