package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.leasehold.Heard;
import io.leasehold.error.ErrorCode;
import io.leasehold.nats.connection.Credentials.JwtFile;
import io.leasehold.nats.connection.Credentials.NKey;
import io.leasehold.nats.connection.Credentials.Password;
import io.leasehold.nats.connection.Credentials.Token;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.TestKey;
import io.leasehold.nats.server.TestOperator;
import io.leasehold.nats.server.WithServers;
import io.leasehold.wire.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Who we are is proved in each way that servers know, and what is not permitted is told where it belongs. */
@WithServers
class AuthenticationIT extends ConnectionRoom {
    private static final String CANARY = "canary-7f3e\"\\\u00e9";

    @Test
    void aUserAndAPassword() throws Exception {
        NatsServer server = server("authorization { user: \"u\", password: \"canary-7f3e\\\"\\\\\u00e9\" }");
        up(to(server).credentials(new Password("u", Secret.of(CANARY))));
    }

    @Test
    void aToken() throws Exception {
        NatsServer server = server("authorization { token: \"tok\" }");
        Path file = Files.writeString(folder.resolve("token"), "tok\n");
        up(to(server).credentials(new Token(Secret.inFile(file))));
    }

    @Test
    void aKeyThatSigns() throws Exception {
        TestKey user = TestKey.user();
        NatsServer server = server("authorization { users: [ { nkey: " + user.name() + " } ] }");
        up(to(server).credentials(new NKey(Secret.of(user.seed()))));
    }

    @Test
    void aCredentialsFileIsReadAgainAtEachConnect() throws Exception {
        TestOperator operator = new TestOperator();
        NatsServer server = server(operator.server());
        TestOperator.User user = operator.user("", null);
        String text = user.file();
        Path file = Files.writeString(folder.resolve("user.creds"), text);
        NatsConnection connection = up(to(server).credentials(new JwtFile(file)));
        Files.writeString(file, "nothing\n");
        connection.reconnect("test");
        assertThat(heard.await("CONNECT_FAILED"))
                .contains("BAD_SETTING")
                .doesNotContain(user.key().seed());
        Files.writeString(file, text);
        heard.await("up ");
    }

    @Test
    void whoIsRefusedManyTimesGoesOnAndIsWelcomeAgain() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "good");
        NatsServer server = server("authorization { user: \"u\", password: \"good\" }");
        NatsConnection connection = up(quicklyTo(address(server)).credentials(new Password("u", Secret.inFile(file))));
        Files.writeString(file, "changed");
        connection.reconnect("test");
        heard.await("down 1");
        for (int i = 0; i < 40; i++) {
            assertThat(heard.await("CONNECT_FAILED")).contains("NOT_PERMITTED");
        }
        Files.writeString(file, "good");
        heard.await("up ");
        connection.flush().block(LIMIT);
    }

    @Test
    void whoIsRefusedFromTheBeginningGoesOnToo() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "wrong");
        NatsServer server = server("authorization { user: \"u\", password: \"good\" }");
        NatsConnection connection =
                open(quicklyTo(address(server)).credentials(new Password("u", Secret.inFile(file))));
        for (int i = 0; i < 5; i++) {
            assertThat(heard.await("CONNECT_FAILED")).contains("NOT_PERMITTED");
        }
        Files.writeString(file, "good");
        connection.ready().block(LIMIT);
    }

    @Test
    void whoIsRefusedForLongerThanIsSetGivesUp() throws Exception {
        NatsServer server = server("authorization { user: \"u\", password: \"p\" }");
        NatsConnection connection = open(quicklyTo(address(server))
                .credentials(new Password("u", Secret.of("wrong")))
                .refusedFor(Duration.ofMillis(100)));
        Heard<Void> ready = Heard.of(connection.ready());

        assertThat(heard.await("closed")).contains("NOT_PERMITTED").contains("Authorization Violation");
        assertThat(ready.code()).isEqualTo(ErrorCode.NOT_PERMITTED);
    }

    @Test
    void secretsAreNeitherLoggedNorTold() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        List<String> texts = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                texts.add(event.getFormattedMessage() + event.getThrowableProxy());
            }
        };

        log.start();
        Appender<ILoggingEvent> console = root.getAppender("console");
        root.addAppender(log);
        root.detachAppender(console);
        root.setLevel(Level.TRACE);
        try {
            NatsServer server = server("authorization { user: \"u\", password: \"canary-7f3e\" }");
            ConnectionSettings settings = knownBy(server, "canary-7f3e");
            NatsConnection connection = up(settings);
            connection.reconnect("test");
            heard.await("up ");
            texts.add(settings.toString());
            texts.add(new Token(Secret.of("canary-7f3e")).toString());
            open(knownBy(server, "canary-7f3e-wrong"));
            texts.add(heard.await("CONNECT_FAILED"));
        } finally {
            root.setLevel(before);
            root.detachAppender(log);
            root.addAppender(console);
        }
        texts.addAll(heard.all());

        assertThat(texts).hasSizeGreaterThan(10).noneMatch(text -> text.contains("canary"));
    }

    private static ConnectionSettings knownBy(NatsServer server, String password) {
        return to(server).credentials(new Password("u", Secret.of(password))).build();
    }

    private NatsConnection restricted() throws Exception {
        NatsServer server = server("""
                authorization { users: [ { user: "u", password: "p", permissions: {
                    publish: { deny: ["secret.>"] }, subscribe: { deny: ["secret.>"] } } } ] }
                """);
        return up(to(server).credentials(new Password("u", Secret.of("p"))));
    }

    @Test
    void aPublishThatIsNotPermittedEndsItsRequestAndNoOther() throws Exception {
        NatsConnection connection = restricted();
        HeardMessages other = new HeardMessages();
        connection.subscribe(Subject.filter("open"), null, other);
        Heard<MessageFrame> open = Heard.of(connection.ask(Subject.of("open"), null, new byte[0], LIMIT));
        Heard<MessageFrame> secret = Heard.of(connection.ask(Subject.of("secret.a"), null, new byte[0], LIMIT));
        assertThat(heard.await("SERVER_COMPLAINED")).contains("secret.a").contains("NOT_PERMITTED");
        assertThat(secret.code()).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(open.isOpen()).isTrue();
        assertThat(connection.epoch()).isEqualTo(1);
        open.cancel();
    }

    @Test
    void aPublishThatIsNotPermittedAndNoRequestIsTold() throws Exception {
        NatsConnection connection = restricted();
        connection.write(UnansweredPublish.of("secret.b", "x"));
        assertThat(heard.await("denied")).isEqualTo("denied secret.b NOT_PERMITTED");
        assertThat(connection.epoch()).isEqualTo(1);
    }

    @Test
    void aSubscriptionThatIsNotPermittedEndsAndNoOther() throws Exception {
        NatsConnection connection = restricted();
        HeardMessages open = new HeardMessages();
        HeardMessages secret = new HeardMessages();

        connection.subscribe(Subject.filter("open"), null, open);
        HeardMessages queued = new HeardMessages();
        connection.subscribe(Subject.filter("secret.a"), Subject.queue("g"), queued);
        assertThat(queued.next()).isEqualTo("failed NOT_PERMITTED");
        connection.subscribe(Subject.filter("secret.a"), null, secret);
        assertThat(secret.next()).isEqualTo("failed NOT_PERMITTED");
        connection.write(UnansweredPublish.of("open", "1"));

        assertThat(open.next()).isEqualTo("open [] 1");
    }

    @Test
    void anInboxThatIsNotPermittedEndsAllRequestsByName() throws Exception {
        NatsServer server = server("""
                authorization { users: [ { user: "u", password: "p", permissions: {
                    publish: ">", subscribe: { allow: ["mine.>"] } } } ] }
                """);
        ConnectionSettings settings =
                to(server).credentials(new Password("u", Secret.of("p"))).build();
        NatsConnection connection = up(settings);
        heard.await("SERVER_COMPLAINED");
        Heard<MessageFrame> denied = Heard.of(connection.ask(Subject.of("q"), null, new byte[0], LIMIT));
        connection.flush().block(LIMIT);
        assertThat(denied.code()).isEqualTo(ErrorCode.NOT_PERMITTED);
        NatsConnection mine = up(settings.mutate().inboxPrefix("mine.inbox"));
        Heard<MessageFrame> nobody = Heard.of(mine.ask(Subject.of("q"), null, new byte[0], LIMIT));
        mine.flush().block(LIMIT);
        assertThat(nobody.code()).isEqualTo(ErrorCode.NO_RESPONDERS);
    }
}
