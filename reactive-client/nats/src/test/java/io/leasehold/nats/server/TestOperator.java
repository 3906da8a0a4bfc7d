package io.leasehold.nats.server;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** An operator with one account for users and one for the system, as servers with decentralized users know them. */
public final class TestOperator {
    private static final String UNLIMITED = "\"subs\":-1,\"data\":-1,\"payload\":-1";
    private static final String ACCOUNT =
            "\"limits\":{" + UNLIMITED + ",\"imports\":-1,\"exports\":-1,\"wildcards\":true,"
                    + "\"conn\":-1,\"leaf\":-1,\"mem_storage\":-1,\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1}";
    private static final String SYSTEM = "\"limits\":{" + UNLIMITED
            + ",\"imports\":-1,\"exports\":-1,\"wildcards\":true," + "\"conn\":-1,\"leaf\":-1}";

    private final TestKey operator = TestKey.operator();
    private final TestKey account = TestKey.account();
    private final TestKey system = TestKey.account();

    /** What a server has to be told of this operator. */
    public String server() {
        return """
                operator: "%s"
                system_account: "%s"
                resolver: MEMORY
                resolver_preload: { %s: "%s", %s: "%s" }
                """.formatted(
                        signed(operator, operator, "operator", "", null),
                        system.name(),
                        account.name(),
                        signed(operator, account, "account", "," + ACCOUNT, null),
                        system.name(),
                        signed(operator, system, "account", "," + SYSTEM, null));
    }

    /** A new user, who may do this until then, in claims as text; null is for ever. */
    public User user(String permissions, Instant until) {
        TestKey key = TestKey.user();
        String claims = "," + UNLIMITED + (permissions.isEmpty() ? "" : "," + permissions);
        return new User(signed(account, key, "user", claims, until), key);
    }

    /** What the operator says of a user, and the user's key. */
    public record User(String jwt, TestKey key) {

        /** The text of a credentials file. */
        public String file() {
            return """
                    -----BEGIN NATS USER JWT-----
                    %s
                    ------END NATS USER JWT------

                    ************************* IMPORTANT *************************
                    Whoever has the seed is the user.

                    -----BEGIN USER NKEY SEED-----
                    %s
                    ------END USER NKEY SEED------
                    """.formatted(jwt, key.seed());
        }
    }

    private static String signed(TestKey by, TestKey whom, String kind, String claims, Instant until) {
        String expiry = until == null ? "" : "\"exp\":%d,".formatted(until.getEpochSecond());
        String body = ("{\"jti\":\"%s\",\"iat\":%d,%s\"iss\":\"%s\",\"name\":\"%s\",\"sub\":\"%s\","
                        + "\"nats\":{\"type\":\"%s\",\"version\":2%s}}")
                .formatted(
                        UUID.randomUUID(),
                        Instant.now().getEpochSecond(),
                        expiry,
                        by.name(),
                        kind,
                        whom.name(),
                        kind,
                        claims);
        String text = base64("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}") + "." + base64(body);
        return text + "." + by.sign(text);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
