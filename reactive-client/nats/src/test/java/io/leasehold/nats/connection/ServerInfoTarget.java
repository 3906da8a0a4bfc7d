package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.fuzz.FuzzTarget;
import io.leasehold.nats.protocol.JsonWriter;
import io.leasehold.wire.ServerPool;
import io.leasehold.wire.WireProtocol;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a server tells of itself, and what we tell of us: one is read or refused, the other stays on its line. */
final class ServerInfoTarget implements FuzzTarget {
    @Override
    public List<String> seeds() {
        return List.of(
                "{\"server_id\":\"N\",\"server_name\":\"n1\",\"version\":\"2.15.1-dev+7\",\"headers\":true,"
                        + "\"max_payload\":1048576,\"jetstream\":true,\"api_lvl\":5,\"nonce\":\"abc\"}",
                "{\"connect_urls\":[\"127.0.0.1:4222\",\"[::1]:4222\",7,{\"a\":[]}],\"ldm\":true,\"cluster\":\"c\"}",
                "{\"tls_required\":true,\"tls_available\":false,\"xkey\":null,\"more\":{\"a\":[1,2.5e3]}}");
    }

    @Override
    public void take(byte[] input) {
        try {
            look(ServerInfo.read(input));
        } catch (MessagingException refused) {
            FuzzTarget.require(refused.code() == ErrorCode.PROTOCOL, "refused as " + refused.code());
        }
        String text = new String(input, StandardCharsets.ISO_8859_1);
        byte[] line =
                new JsonWriter().add("server_name", text).add("headers", true).end();
        for (byte each : line) {
            FuzzTarget.require(each >= ' ' || each < 0, "a control character in " + new String(line));
        }
        ServerInfo told = ServerInfo.read(line);
        FuzzTarget.require(told.hasHeaders(), "what stood behind the text");
        if (text.length() <= 512 && !text.isEmpty()) {
            FuzzTarget.require(told.name().equals(WireProtocol.printable(text)), "the text itself");
        }
    }

    private static void look(ServerInfo info) {
        for (String text :
                List.of(info.id(), info.name(), info.version(), info.cluster(), info.domain(), info.nonce())) {
            FuzzTarget.require(text.length() <= 512, "a text of " + text.length());
            FuzzTarget.require(text.equals(WireProtocol.printable(text)), "a text that may not stand in a log");
        }
        FuzzTarget.require(info.told().size() <= ServerPool.LEARNT_MAX, "servers told of");
        FuzzTarget.require(info.maxPayload() >= 0, "a size below 0");
        FuzzTarget.require(info.isAtLeast(0, 0, 0), "a version below all");
        FuzzTarget.require(info.mergedWith(ServerInfo.UNKNOWN).version().equals(info.version()), "merged with nothing");
        FuzzTarget.require(info.wantsTls() ? info.offersTls() : !info.toString().isEmpty(), "TLS wanted, not offered");
    }
}
