package io.leasehold.nats.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority of its own, and what it signed, as files that servers and clients read. Made by the JDK's keytool.
 * Not for several threads.
 */
public final class Certificates implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PASSWORD = "changeit";
    private static final String AUTHORITY = "authority";

    private final Path folder = BuildFolder.fresh("certificates");
    private final Path store = folder.resolve("store.p12");
    private final Map<List<String>, Identity> signed = new HashMap<>();

    /** A new authority, which nobody else knows. */
    public Certificates() {
        keytool("-genkeypair", "-alias", AUTHORITY, "-dname", "CN=authority", "-ext", "bc:c", "-validity", "2");
        write(folder.resolve("authority.pem"), pem("CERTIFICATE", encoded(AUTHORITY)));
    }

    /** The one that tests share which do not care: keys take their time. */
    public static Certificates shared() {
        return Shared.CERTIFICATES;
    }

    private static final class Shared {
        private static final Certificates CERTIFICATES = new Certificates();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(CERTIFICATES::close));
        }
    }

    /** A key and the certificate for it, followed by that of the authority. */
    public record Identity(String alias, Path certificate, Path key) {}

    /** Valid for these names, as in {@code dns:localhost,ip:127.0.0.1}, today. */
    public Identity valid(String names) {
        return sign(names, "-startdate", "-1H", "-validity", "2");
    }

    /** Valid for these names until an hour ago. */
    public Identity expired(String names) {
        return sign(names, "-startdate", "-25H", "-validity", "1");
    }

    private Identity sign(String names, String... dates) {
        return signed.computeIfAbsent(List.of(names, String.join(" ", dates)), any -> signNew(names, dates));
    }

    private Identity signNew(String names, String... dates) {
        String alias = "k" + signed.size();
        String[] words = {"-genkeypair", "-alias", alias, "-dname", "CN=" + alias, "-signer", AUTHORITY};
        String[] more = {"-signerkeypass", PASSWORD, "-ext", "san=" + names};
        keytool(concat(concat(words, more), dates));
        Path certificate = folder.resolve(alias + ".pem");
        Path key = folder.resolve(alias + ".key");
        write(certificate, pem("CERTIFICATE", encoded(alias)) + pem("CERTIFICATE", encoded(AUTHORITY)));
        write(key, pem("PRIVATE KEY", key(alias)));
        return new Identity(alias, certificate, key);
    }

    private static String[] concat(String[] one, String[] other) {
        String[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** Whom to trust. */
    public Path authority() {
        return folder.resolve("authority.pem");
    }

    /** A {@code tls} block of a server with this identity, with more keys of it in the server's own words. */
    public String server(Identity identity, String more) {
        return "tls { cert_file: \"%s\", key_file: \"%s\", ca_file: \"%s\", %s }\n"
                .formatted(identity.certificate(), identity.key(), authority(), more);
    }

    /** What a client of the JDK needs to trust this authority; the identity may be null. */
    public SSLContext client(Identity identity) {
        try {
            KeyStore trusted = empty();
            trusted.setCertificateEntry(AUTHORITY, store().getCertificate(AUTHORITY));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(identity == null ? empty() : only(identity.alias()), PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        return keys;
    }

    private KeyStore only(String alias) throws GeneralSecurityException, IOException {
        KeyStore keys = empty();
        char[] password = PASSWORD.toCharArray();
        keys.setKeyEntry(
                alias,
                store().getKey(alias, password),
                password,
                List.of(store().getCertificateChain(alias)).toArray(Certificate[]::new));
        return keys;
    }

    private void keytool(String... words) {
        String program =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String[] basics = {program};
        String[] common = {"-keyalg", "EC", "-groupname", "secp256r1", "-storetype", "PKCS12", "-keystore"};
        String[] where = {store.toString(), "-storepass", PASSWORD};
        SystemCommand.Result result =
                new SystemCommand(folder, LIMIT).run(concat(concat(basics, words), concat(common, where)));
        if (!result.succeeded()) {
            throw new IllegalStateException(result.output());
        }
    }

    private KeyStore store() {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            return keys;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] encoded(String alias) {
        try {
            return store().getCertificate(alias).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] key(String alias) {
        try {
            return store().getKey(alias, PASSWORD.toCharArray()).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String what, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        BuildFolder.remove(folder);
    }
}
