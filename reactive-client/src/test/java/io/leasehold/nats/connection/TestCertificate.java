package io.leasehold.nats.connection;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate that signs itself, made by the JDK's own tool, as files and as what the JDK wants. */
final class TestCertificate {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path file;
    private final Path pem;
    private final Path key;
    private final KeyStore store;

    private TestCertificate(Path file, Path pem, Path key, KeyStore store) {
        this.file = file;
        this.pem = pem;
        this.key = key;
        this.store = store;
    }

    /**
     * Makes one.
     *
     * @param names as in {@code dns:localhost,ip:127.0.0.1}
     */
    static TestCertificate of(Path folder, String names, String... more) throws Exception {
        Path file = Files.createTempFile(folder, "store", ".p12");
        Files.delete(file);
        tool(
                file,
                List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=test"),
                List.of(more),
                names);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        Path pem = write(file + ".pem", "CERTIFICATE", store.getCertificate("a").getEncoded());
        Path key =
                write(file + ".key", "PRIVATE KEY", store.getKey("a", PASSWORD).getEncoded());
        return new TestCertificate(file, pem, key, store);
    }

    /** Makes one that this one signs. */
    TestCertificate signing(Path folder, String names, String... more) throws Exception {
        TestCertificate fresh = of(folder, names);
        Path request = Path.of(fresh.file + ".csr");
        Path pem = Path.of(fresh.file + ".signed");
        tool(fresh.file, List.of("-certreq", "-file", request.toString()), List.of(), names);
        List<String> sign = List.of("-gencert", "-rfc", "-infile", request.toString(), "-outfile", pem.toString());
        tool(file, sign, List.of(more), names);
        return new TestCertificate(fresh.file, pem, fresh.key, fresh.store);
    }

    private static void tool(Path file, List<String> what, List<String> more, String names) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(what);
        command.addAll(more);
        command.addAll(List.of("-alias", "a", "-ext", "san=" + names, "-storetype", "PKCS12"));
        command.addAll(List.of("-keystore", file.toString(), "-storepass", new String(PASSWORD)));
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (tool.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
    }

    private static Path write(String file, String kind, byte[] bytes) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(
                Path.of(file), "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    Path pem() {
        return pem;
    }

    TlsSettings.Identity identity() {
        return new TlsSettings.Identity(pem, key);
    }

    /** The lines of a server's configuration, but for the closing brace. */
    String forServer() {
        return "tls { cert_file: \"" + pem + "\", key_file: \"" + key + "\", timeout: 5 ";
    }

    /** Sockets that begin with TLS of a version. */
    ServerSocketFactory sockets(String version) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance(version);
        context.init(keys.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }
}
