package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each complaint of a server means; the texts are those of nats-server 2.9 to 2.15. */
class ServerErrorTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Stale Connection",
                "Slow Consumer",
                "maximum connections exceeded",
                "Maximum Payload Violation",
                "maximum control line exceeded",
                "Unknown Protocol Operation",
                "Parser Error",
                "Secure Connection - TLS Required",
                "invalid client protocol",
                "no responders requires headers support",
                "something that nobody knows yet"
            })
    void theConnectionEnds(String text) {
        ServerError error = ServerError.of(text);
        assertThat(error.endsConnection()).isTrue();
        assertThat(error.toException("s").code()).isEqualTo(ErrorCode.DISCONNECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization Violation",
                "authentication timeout",
                "User Authentication Expired",
                "User Authentication Revoked",
                "Account Authentication Expired"
            })
    void whoWeAreIsNotAccepted(String text) {
        ServerError error = ServerError.of(text);
        assertThat(error.endsConnection()).isTrue();
        assertThat(error.toException("s").code()).isEqualTo(ErrorCode.NOT_PERMITTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Invalid Subject", "Invalid Publish Subject", "maximum subscriptions exceeded"})
    void theConnectionStays(String text) {
        assertThat(ServerError.of(text).kind()).isEqualTo(ServerError.Kind.HARMLESS);
        assertThat(ServerError.of(text).endsConnection()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Permissions Violation for Publish to \"a.b\" | PUBLISH_DENIED | a.b",
                "permissions violation for publish to \"a\" | PUBLISH_DENIED | a",
                "Permissions Violation for Subscription to \"a.>\" | SUBSCRIPTION_DENIED | a.>",
                "Permissions Violation for Subscription to \"a\" using queue \"g\" | SUBSCRIPTION_DENIED | a",
                "Permissions Violation for Publish | PUBLISH_DENIED | ''"
            })
    void whatIsDeniedIsNamed(String text, ServerError.Kind kind, String subject) {
        ServerError error = ServerError.of(text);
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.subject()).isEqualTo(subject);
        assertThat(error.queue()).isEqualTo(text.contains("queue") ? "g" : "");
        assertThat(error.endsConnection()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maximum subscriptions exceeded | max_subscriptions",
                "maximum connections exceeded | max_connections",
                "maximum account active connections exceeded | limit of the account",
                "Maximum Payload Violation | max_payload",
                "maximum control line exceeded | max_control_line",
                "Secure Connection - TLS Required | leasehold.nats.tls.mode",
                "Stale Connection | network",
                "Slow Consumer | write_deadline",
                "no responders requires headers support | headers",
                "Invalid Publish Subject | topics"
            })
    void whatCanBeDoneAboutItIsSaid(String text, String advised) {
        assertThat(ServerError.of(text).toException("s").remedy()).contains(advised);
    }

    @Test
    void aLongOrUglyComplaintIsShortAndPrintable() {
        ServerError error = ServerError.of("\u001b[31m" + "x".repeat(100_000));
        assertThat(error.text()).hasSizeLessThanOrEqualTo(2_048).matches("[ -~]*");
    }
}
