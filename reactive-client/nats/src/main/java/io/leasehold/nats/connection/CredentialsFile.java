package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.wire.Secret;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A credentials file, as {@code nsc} writes it.
 *
 * <pre>
 *   -----BEGIN NATS USER JWT-----
 *   eyJ0eXAi...
 *   ------END NATS USER JWT------
 *   -----BEGIN USER NKEY SEED-----
 *   SUA...
 *   ------END USER NKEY SEED------
 * </pre>
 */
final class CredentialsFile {
    private static final Pattern JWT = block("NATS USER JWT", "[A-Za-z0-9_=.-]+");
    private static final Pattern SEED = block("USER NKEY SEED", "[A-Z2-7]+");

    private final String jwt;
    private final char[] seed;

    private CredentialsFile(String jwt, char[] seed) {
        this.jwt = jwt;
        this.seed = seed;
    }

    private static Pattern block(String name, String content) {
        return Pattern.compile("-{3,}BEGIN " + name + "-{3,}\\s+(" + content + ")\\s+-{3,}END " + name + "-{3,}");
    }

    /**
     * Reads a file; blocks.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}, naming the file and nothing that is in it
     */
    static CredentialsFile read(Path path) {
        char[] text = Secret.readFile(path);
        try {
            Matcher jwt = find(JWT, text, path);
            Matcher seed = find(SEED, text, path);
            return new CredentialsFile(jwt.group(1), Arrays.copyOfRange(text, seed.start(1), seed.end(1)));
        } finally {
            Arrays.fill(text, '\0');
        }
    }

    private static Matcher find(Pattern block, char[] text, Path path) {
        Matcher matcher = block.matcher(CharBuffer.wrap(text));
        if (!matcher.find()) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "a credentials file lacks the block of the JWT or of the seed",
                    "nats credentials, " + path,
                    "give the file as nsc wrote it");
        }
        return matcher;
    }

    String jwt() {
        return jwt;
    }

    char[] seed() {
        return seed;
    }

    void wipe() {
        Arrays.fill(seed, '\0');
    }

    @Override
    public String toString() {
        return "CredentialsFile[***]";
    }
}
