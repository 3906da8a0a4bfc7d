package io.leasehold.nats.server;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server wrote to a subscription.
 *
 * @param headers the header block with its first line, without the empty one; empty without headers
 * @param reply empty without one
 * @param readNanos {@link System#nanoTime} when it had been read
 */
public record RawMessage(String subject, int sid, String reply, String headers, String body, long readNanos) {
    private static final Pattern STATUS = Pattern.compile("^NATS/1\\.0 (\\d{3}) ?(.*)");

    /** Code and text of a status, such as {@code 404 No Messages}; empty for a message. */
    public String status() {
        Matcher status = STATUS.matcher(headers);
        return status.find() ? (status.group(1) + " " + status.group(2)).strip() : "";
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    /** The first value under this key in a JSON body, without quotes; good enough for flat answers. */
    public Optional<String> field(String name) {
        Matcher field = Pattern.compile("\"" + Pattern.quote(name) + "\":\\s*(\"([^\"]*)\"|[^,}\\]\\s]+)")
                .matcher(body);
        if (!field.find()) {
            return Optional.empty();
        }
        return Optional.of(field.group(2) == null ? field.group(1) : field.group(2));
    }

    /** A token of the reply of a delivery, counted from 0: 4 delivery count, 5 stream and 6 consumer sequence. */
    public long replyToken(int index) {
        return Long.parseLong(reply.split("\\.")[index]);
    }
}
