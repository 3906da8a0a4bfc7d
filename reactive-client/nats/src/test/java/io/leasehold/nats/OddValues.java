package io.leasehold.nats;

import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.nats.TwoBrokersIT.Row;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What somebody may publish who means no harm, or who does; and what becomes of it on any broker. */
final class OddValues {
    private static final String VOLCANO = "\u706b\u5c71 \ud83c\udf0b";
    private static final byte[] LINES =
            "a\r\nPUB odd.evil 1\r\nx\r\nNATS/1.0\r\n\0".getBytes(StandardCharsets.US_ASCII);

    private OddValues() {}

    private static Message to(String name) {
        return Message.to("odd." + name);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static Row row(String what, String expected, Supplier<Message>... messages) {
        return new Row(
                what, List.of(expected.split(" ")), Arrays.stream(messages).toList());
    }

    private static Row value(String what, String value) {
        return row("header value " + what, "stored", () -> to("value").header("H", value));
    }

    private static Row badValue(String what, String value) {
        return row("header value " + what, "BAD_HEADER", () -> to("value").header("H", value));
    }

    private static Row name(String name, String expected) {
        return row(
                "header name " + name.length() + " " + name,
                expected,
                () -> to("name").header("First", "1").header(name, "2"));
    }

    private static Row key(String what, String key, String expected) {
        return row("key " + what, expected, () -> to("key").key(key).header("H", " h "));
    }

    private static Row id(String id, String expected) {
        return row("id " + id.length() + " '" + id + "'", expected, () -> to("id").id(id));
    }

    private static Row topic(String topic, String expected) {
        return row("topic " + topic, expected, () -> Message.to(topic));
    }

    /** A topic that nobody checked, as of a message that came from a stream of somebody else. */
    private static Row received(String topic, String expected) {
        return row(
                "received topic " + topic,
                expected,
                () -> Message.received(topic, Message.Labels.NONE, new byte[] {1}));
    }

    private static Row body(String what, byte[] body, String expected) {
        return row("body " + what, expected, () -> to("body").body(body));
    }

    private static Headers headers(int pairs, String value) {
        Headers.Builder many = Headers.builder();
        IntStream.range(0, pairs).forEach(i -> many.add("Name-" + i, value));
        return many.build();
    }

    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        headers(rows);
        keys(rows);
        ids(rows);
        topics(rows);
        sizes(rows);
        return rows;
    }

    private static void headers(List<Row> rows) {
        rows.add(value("with blanks around it", "  007 "));
        rows.add(value("with a blank before it", " x"));
        rows.add(value("of blanks", "   "));
        rows.add(value("that is empty", ""));
        rows.add(value("with tabs around it", "\tx\t"));
        rows.add(value("with Unicode blanks around it", "\u3000x\u00a0\u2003"));
        rows.add(value("with Unicode line ends", "a\u0085b\u2028c\u2029"));
        rows.add(value("with control characters", "\u0001\u000b\u000c\u001b\u007f"));
        rows.add(value("with colons", ":a: b:"));
        rows.add(value("beyond ASCII", VOLCANO));
        rows.add(value("whose characters are cut to line ends", "x\u010d\u010aNats-Rollup: all"));
        rows.add(badValue("with a line", "a\r\nNats-Rollup: all"));
        rows.add(badValue("with a line feed", "a\nb"));
        rows.add(badValue("with NUL", "a\0b"));
        rows.add(badValue("with half a character", "a\ud83c"));
        rows.add(name("a", "stored"));
        rows.add(name("!#$%&'*+-.^_`|~/\\\"(){}[]@,;<=>?", "stored"));
        rows.add(name("n".repeat(256), "stored"));
        rows.add(name("n".repeat(257), "BAD_HEADER"));
        rows.add(name("first", "stored"));
        rows.add(name("", "BAD_HEADER"));
        rows.add(name("a b", "BAD_HEADER"));
        rows.add(name("a:b", "BAD_HEADER"));
        rows.add(name("\u00e9", "BAD_HEADER"));
        rows.add(name("a\r\nb", "BAD_HEADER"));
        rows.add(name("Natsuki", "stored"));
        rows.add(name("Nats-Rollup", "BAD_HEADER"));
        rows.add(name("nats-msg-id", "BAD_HEADER"));
        rows.add(name("NATS-", "BAD_HEADER"));
        rows.add(name("Leasehold-Key", "BAD_HEADER"));
        rows.add(name("leasehold-key", "BAD_HEADER"));
        rows.add(name("Leasehold-Reason", "stored"));
        rows.add(row("1000 headers", "stored", () -> to("many").key("k").headers(headers(1_000, " v "))));
        rows.add(row("1001 headers", "TOO_LARGE", () -> to("many").headers(headers(1_001, "v"))));
        rows.add(row("1025 headers", "BAD_HEADER", () -> to("many").headers(headers(1_025, "v"))));
        rows.add(row("headers beyond 64 KiB", "TOO_LARGE", () -> to("many").headers(headers(900, "v".repeat(70)))));
    }

    private static void keys(List<Row> rows) {
        rows.add(key("that is empty", "", "stored"));
        rows.add(key("of a blank", " ", "stored"));
        rows.add(key("with blanks", "  a b  ", "stored"));
        rows.add(key("that looks escaped", "%41+%zz%", "stored"));
        rows.add(key("with lines", "a\r\nNats-Rollup: all\r\n", "stored"));
        rows.add(key("with NUL", "a\0", "stored"));
        rows.add(key("beyond ASCII", VOLCANO, "stored"));
        rows.add(key("with half a character", "a\udf0b", "BAD_HEADER"));
        rows.add(key("that is long", "k".repeat(60_000), "stored"));
        rows.add(key("that is too long", "k".repeat(66_000), "TOO_LARGE"));
        rows.add(key("that is too long when escaped", "\u706b".repeat(8_000), "TOO_LARGE"));
    }

    private static void ids(List<Row> rows) {
        rows.add(id("odd-a b", "stored"));
        rows.add(id("odd-" + "i".repeat(252), "stored"));
        rows.add(id("odd-!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~", "stored"));
        rows.add(id("odd-" + "i".repeat(253), "BAD_MESSAGE_ID"));
        rows.add(id("", "BAD_MESSAGE_ID"));
        rows.add(id(" ", "BAD_MESSAGE_ID"));
        rows.add(id(" odd", "BAD_MESSAGE_ID"));
        rows.add(id("odd ", "BAD_MESSAGE_ID"));
        rows.add(id("odd\r\nNats-Expected-Stream: y", "BAD_MESSAGE_ID"));
        rows.add(id("odd\u010d\u010a", "BAD_MESSAGE_ID"));
        rows.add(row("numbered id with a line", "BAD_MESSAGE_ID", () -> to("id").id(MessageId.of("x\r\nA: b", 7))));
        rows.add(row(
                "an id again",
                "stored duplicate",
                () -> to("id").id("odd-1").body("1"),
                () -> to("id").id("odd-1").body("2")));
        rows.add(row("an id in another case", "stored stored", () -> to("id").id("odd-c"), () -> to("id").id("odd-C")));
        rows.add(row(
                "an id on another topic of the family",
                "stored duplicate",
                () -> to("created").id("odd-2"),
                () -> to("paid").id("odd-2")));
        rows.add(row(
                "an id in another family",
                "stored stored",
                () -> to("id").id("odd-3"),
                () -> Message.to("even.id").id("odd-3")));
        rows.add(row(
                "an id on a topic of one token",
                "stored duplicate",
                () -> Message.to("odd").id("odd-4"),
                () -> to("id").id("odd-4")));
    }

    private static void topics(List<Row> rows) {
        rows.add(topic("odd.!#$%&'()+,-/:;<=?@[]^_`{|}~\"\\", "stored"));
        rows.add(topic("odd." + "t".repeat(251), "stored"));
        rows.add(topic("odd." + "t".repeat(252), "BAD_TOPIC"));
        rows.add(topic("odd.A", "stored"));
        rows.add(topic("Odd.a", "NO_GROUP"));
        rows.add(topic("nobody.a", "NO_GROUP"));
        rows.add(topic("odd.a b", "BAD_TOPIC"));
        rows.add(topic("odd..a", "BAD_TOPIC"));
        rows.add(topic("odd.", "BAD_TOPIC"));
        rows.add(topic("odd.*", "BAD_TOPIC"));
        rows.add(topic("odd.>", "BAD_TOPIC"));
        rows.add(topic("odd.a*b", "BAD_TOPIC"));
        rows.add(topic("odd.\u00e9", "BAD_TOPIC"));
        rows.add(topic("odd.a\r\nPUB odd.evil 0", "BAD_TOPIC"));
        rows.add(topic("$JS.API.STREAM.PURGE.odd", "BAD_TOPIC"));
        rows.add(topic("$JS.ACK.odd.odd.1.1.1.1.0", "BAD_TOPIC"));
        rows.add(topic("_INBOX.a", "BAD_TOPIC"));
        rows.add(topic("leasehold.claims.odd.odd", "BAD_TOPIC"));
        rows.add(received("odd.fine", "stored"));
        rows.add(received("odd.a b", "BAD_TOPIC"));
        rows.add(received("odd.a\r\nPUB odd.evil 0", "BAD_TOPIC"));
        rows.add(received("odd.\u00e9", "BAD_TOPIC"));
        rows.add(received("$JS.API.STREAM.PURGE.odd", "BAD_TOPIC"));
        rows.add(received("", "BAD_TOPIC"));
    }

    private static void sizes(List<Row> rows) {
        rows.add(body("that is empty", new byte[0], "stored"));
        rows.add(body("of one byte", new byte[1], "stored"));
        rows.add(body("with lines", LINES, "stored"));
        rows.add(body("of 900 KiB", new byte[900 << 10], "stored"));
        rows.add(body("of 1 MiB and a byte", new byte[(1 << 20) + 1], "TOO_LARGE"));
        rows.add(row(
                "of almost 1 MiB, with headers beyond it",
                "TOO_LARGE",
                () -> to("body").headers(headers(100, "v".repeat(500))).body(new byte[(1 << 20) - 1_000])));
    }

    /** Each asks for something that the embedded broker does not do. */
    static List<Message> conditions() {
        Message message = Message.to("odd.condition").body("c");
        return List.of(
                NatsOptions.expectStream(message, "odd"),
                NatsOptions.expectLastSequence(message, 7),
                NatsOptions.expectLastSubjectSequence(message, 7),
                NatsOptions.expectLastId(message, MessageId.of("a")),
                NatsOptions.timeToLive(message, Duration.ofSeconds(1)),
                NatsOptions.publishAt(message, Instant.now().plusSeconds(60), "odd.waiting"));
    }
}
