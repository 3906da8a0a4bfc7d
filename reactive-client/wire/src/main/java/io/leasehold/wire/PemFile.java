package io.leasehold.wire;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at files that should hold certificates or keys in PEM, and says what they hold instead. */
final class PemFile {
    private static final long BYTES_MAX = 4 << 20;
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----");
    private static final String KEY = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";

    private PemFile() {}

    /**
     * Demands a certificate; blocks.
     *
     * @param setting which file it is, for errors
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    static void requireCertificate(Path file, String setting) {
        String found = firstBlock(file, setting);
        if (!found.equals(CERTIFICATE)) {
            throw unfit(file, setting, "holds " + inWords(found), "give certificates in PEM");
        }
    }

    /**
     * Demands a key in PKCS 8 without password; blocks.
     *
     * @param setting which file it is, for errors
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    static void requireKey(Path file, String setting) {
        String found = firstBlock(file, setting);
        if (!found.equals(KEY)) {
            throw unfit(
                    file,
                    setting,
                    "holds " + inWords(found),
                    "give the key in PKCS 8 without password: openssl pkcs8 -topk8 -nocrypt -in " + file
                            + " -out key.pem");
        }
    }

    // Of EC keys what comes first may be their parameters.
    private static String firstBlock(Path file, String setting) {
        Matcher blocks = BLOCK.matcher(read(file, setting));
        String first = blocks.find() ? blocks.group(1) : "";
        return first.endsWith("PARAMETERS") && blocks.find() ? blocks.group(1) : first;
    }

    private static String read(Path file, String setting) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw unfit(file, setting, "is longer than " + BYTES_MAX + " bytes", "give the right file");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException missing) {
            throw unfit(file, setting, "does not exist", "give the right path, or mount the file");
        } catch (IOException unreadable) {
            throw unfit(file, setting, "cannot be read", "give a file that this process may read");
        }
    }

    private static String inWords(String block) {
        return switch (block) {
            case "" -> "nothing in PEM";
            case CERTIFICATE -> "a certificate";
            case KEY -> "a private key";
            case "RSA PRIVATE KEY" -> "a key in PKCS 1";
            case "EC PRIVATE KEY" -> "a key in SEC 1";
            case "ENCRYPTED PRIVATE KEY" -> "a key under a password";
            case "OPENSSH PRIVATE KEY" -> "a key in the form of OpenSSH";
            default -> "'" + block + "'";
        };
    }

    private static MessagingException unfit(Path file, String setting, String what, String remedy) {
        return new MessagingException(
                ErrorCode.BAD_SETTING, "the file of a certificate or key " + what, setting + ", " + file, remedy);
    }
}
