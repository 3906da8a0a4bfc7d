package io.leasehold.message;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the codec of a type. {@link #builtIn()} knows bytes, text in UTF-8 and {@link Message} itself. */
@CheckReturnValue
public interface Codecs {
    /** The codec of a class, or null when this one knows none. */
    <T> @Nullable Codec<T> find(Class<T> type);

    /**
     * The codec of a type that may have arguments, or null when this one knows none. Unless it is overridden, types
     * with arguments are not known, and others are known as their class is.
     */
    @SuppressWarnings("unchecked")
    default <T> @Nullable Codec<T> find(BodyType<T> type) {
        return type.type() instanceof Class<?> plain ? find((Class<T>) plain) : null;
    }

    /**
     * The codec of a class.
     *
     * @throws MessagingException {@link ErrorCode#CODEC_MISSING}
     */
    default <T> Codec<T> require(Class<T> type) {
        Codec<T> found = find(type);
        if (found == null) {
            throw missing(type.getTypeName());
        }
        return found;
    }

    /**
     * The codec of a type that may have arguments.
     *
     * @throws MessagingException {@link ErrorCode#CODEC_MISSING}
     */
    default <T> Codec<T> require(BodyType<T> type) {
        Codec<T> found = find(type);
        if (found == null) {
            throw missing(type.toString());
        }
        return found;
    }

    /**
     * A message with its body as bytes: itself where it {@linkplain Message#isEncoded() has them}.
     *
     * @throws MessagingException {@link ErrorCode#CODEC_MISSING}; {@link ErrorCode#ENCODE_FAILED} when the codec threw,
     *     whatever it threw but a {@link CodecUnavailableException}, or gave null
     */
    default Message encoded(Message message) {
        Message.Value body = message.unencoded();
        if (body == null) {
            return message;
        }
        try {
            return message.body(Objects.requireNonNull(codecOf(body).encode(body.value()), "encoded as null"));
        } catch (Throwable thrown) {
            if (thrown instanceof CodecUnavailableException passing) {
                throw passing;
            }
            if (thrown instanceof MessagingException ours && ours.code() == ErrorCode.CODEC_MISSING) {
                throw ours;
            }
            throw new MessagingException(
                    ErrorCode.ENCODE_FAILED,
                    "a body could not be encoded: " + thrown.getClass().getName(),
                    message.toString(),
                    "see the cause, and the codec that MessageClient.builder().codecs(..) was given",
                    thrown);
        }
    }

    @SuppressWarnings("unchecked")
    private Codec<Object> codecOf(Message.Value body) {
        BodyType<?> type = body.type();
        return (Codec<Object>) (type == null ? require(body.value().getClass()) : require(type));
    }

    private static MessagingException missing(String type) {
        return new MessagingException(
                ErrorCode.CODEC_MISSING,
                "no codec is known for the type " + type,
                type,
                "add one with MessageClient.builder().codecs(..), or use byte[], String or Message");
    }

    /** Asks these first, then the others. */
    default Codecs orElse(Codecs others) {
        Codecs first = this;
        return new Codecs() {
            @Override
            public <T> @Nullable Codec<T> find(Class<T> type) {
                Codec<T> found = first.find(type);
                return found != null ? found : others.find(type);
            }

            @Override
            public <T> @Nullable Codec<T> find(BodyType<T> type) {
                Codec<T> found = first.find(type);
                return found != null ? found : others.find(type);
            }
        };
    }

    /** Knows one class only. */
    static <C> Codecs of(Class<C> type, Codec<C> codec) {
        return of(BodyType.of(type), codec);
    }

    /** Knows one type only. */
    static <C> Codecs of(BodyType<C> type, Codec<C> codec) {
        return new Codecs() {
            @Override
            @SuppressWarnings("unchecked")
            public <T> @Nullable Codec<T> find(Class<T> wanted) {
                return wanted == type.type() ? (Codec<T>) codec : null;
            }

            @Override
            @SuppressWarnings("unchecked")
            public <T> @Nullable Codec<T> find(BodyType<T> wanted) {
                return wanted.equals(type) ? (Codec<T>) codec : null;
            }
        };
    }

    /** Bytes, text in UTF-8 and whole messages. */
    static Codecs builtIn() {
        Codecs bytes = of(byte[].class, codec(value -> value, Message::bytes));
        Codecs text = of(String.class, codec(value -> value.getBytes(StandardCharsets.UTF_8), Message::text));
        return bytes.orElse(text).orElse(of(Message.class, codec(Message::bytes, message -> message)));
    }

    private static <T> Codec<T> codec(Function<T, byte[]> encode, Function<Message, T> decode) {
        return new Codec<>() {
            @Override
            public byte[] encode(T value) {
                return encode.apply(value);
            }

            @Override
            public T decode(Message message) {
                return decode.apply(message);
            }
        };
    }
}
