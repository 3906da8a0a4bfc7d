package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.api.Internal;
import io.leasehold.broker.Broker;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Chooses the broker of each client: the one that is named, else the only one whose address is given, else one in this
 * process. Reads the properties of all brokers of all clients at once, so that a wrong one stops the start even where
 * another broker is used.
 */
@Internal
public final class ClientBrokers {
    private final List<BrokerFactory<?>> factories;
    private final List<MissingBroker> missing;
    private final Environment environment;
    private final Map<String, Choice> choices;

    ClientBrokers(
            List<BrokerFactory<?>> factories,
            List<MissingBroker> missing,
            PropertiesBinder binder,
            Environment environment,
            Map<String, @Nullable String> namedByClient) {
        this.factories = factories;
        this.missing = missing;
        this.environment = environment;
        choices = namedByClient.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, client -> choiceOf(client.getKey(), client.getValue(), binder)));
    }

    /**
     * Makes the broker of a client.
     *
     * @throws MessagingException {@code BAD_SETTING} when it is not known which broker is meant, or its jar is missing
     */
    Broker create(String client) {
        return known(client).chosen().get().create();
    }

    /** Tells whether the client has a broker in this process because nobody named another one or gave its address. */
    boolean isFallback(String client) {
        return known(client).isFallback();
    }

    /** Says what to write to give a client another broker than the one in this process, one clause. */
    String remedy(String client) {
        ConfigurationPropertyName prefix = ClientNames.prefixOf(client);
        String addresses = factories.stream()
                .filter(factory -> factory.addressProperty() != null)
                .map(factory -> addressOf(prefix, factory.name(), factory.addressProperty()))
                .collect(Collectors.joining(" or "));
        String named = prefix + ".broker=" + EmbeddedBrokerFactory.NAME;
        return (addresses.isEmpty() ? "set " : "set " + addresses + ", or ") + named + " where that is meant";
    }

    /**
     * Returns how long the start waits for the broker of a client; null for not at all.
     *
     * @param client a name in {@code leasehold.clients}; any other one is the default client
     */
    @Nullable
    StartLimits startLimits(String client) {
        Choice choice = choices.get(client);
        return (choice == null ? known(ClientNames.DEFAULT) : choice).limits();
    }

    /** Finds the client below {@code leasehold.clients} whose name has the same letters. */
    Optional<String> clientLike(String name) {
        String letters = ClientNames.lettersOf(name);
        return choices.keySet().stream()
                .filter(client -> !client.equals(ClientNames.DEFAULT))
                .filter(client -> ClientNames.lettersOf(client).equals(letters))
                .findFirst();
    }

    /** Says of a client what was said of the default one; unchanged when it is that one. */
    MessagingException saidOf(String client, MessagingException refused) {
        List<String> groups = factories.stream().map(BrokerFactory::name).toList();
        return client.equals(ClientNames.DEFAULT) || !choices.containsKey(client)
                ? refused
                : Refusals.ofClient(ClientNames.prefixOf(client), groups, refused);
    }

    // The names were read when the beans were registered: properties that came or went since then are no reason to give
    // a client the broker of another one.
    private Choice known(String client) {
        Choice choice = choices.get(client);
        if (choice == null) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "there is a bean for the client '" + client + "', and no property of it any more",
                    ClientNames.prefixOf(client).toString(),
                    "set the same properties of clients when the application is built and when it is started");
        }
        return choice;
    }

    private Choice choiceOf(String client, @Nullable String named, PropertiesBinder binder) {
        ConfigurationPropertyName prefix = ClientNames.prefixOf(client);
        List<Candidate<?>> candidates = new ArrayList<>();
        for (BrokerFactory<?> factory : factories) {
            candidates.add(Candidate.of(factory, prefix, binder));
        }
        if (named != null) {
            return chosenByName(prefix, named.strip().toLowerCase(Locale.ROOT), candidates);
        }

        List<Candidate<?>> addressed =
                candidates.stream().filter(Candidate::isAddressed).toList();
        List<MissingBroker> absent =
                missing.stream().filter(broker -> isAddressed(prefix, broker)).toList();
        if (addressed.size() + absent.size() > 1) {
            return Choice.refused(() -> ambiguous(prefix, addressed, absent));
        }
        if (!absent.isEmpty()) {
            return Choice.refused(() -> jarMissing(prefix, absent.get(0)));
        }
        return addressed.isEmpty()
                ? chosenByName(prefix, EmbeddedBrokerFactory.NAME, candidates).asFallback()
                : Choice.of(addressed.get(0));
    }

    private Choice chosenByName(ConfigurationPropertyName prefix, String name, List<Candidate<?>> candidates) {
        for (Candidate<?> candidate : candidates) {
            if (candidate.factory().name().equals(name)) {
                return candidate.lacksAddress()
                        ? Choice.refused(() -> noAddress(prefix, candidate.factory()))
                        : Choice.of(candidate);
            }
        }
        for (MissingBroker broker : missing) {
            if (broker.name().equals(name)) {
                return Choice.refused(() -> jarMissing(prefix, broker));
            }
        }
        return Choice.refused(() -> unknown(prefix, name));
    }

    private boolean isAddressed(ConfigurationPropertyName prefix, MissingBroker broker) {
        ConfigurationPropertyName address = prefix.append(broker.name()).append(broker.addressProperty());
        return !Binder.get(environment)
                .bind(address, Bindable.listOf(String.class))
                .orElse(List.of())
                .isEmpty();
    }

    private static MessagingException ambiguous(
            ConfigurationPropertyName prefix, List<Candidate<?>> addressed, List<MissingBroker> absent) {
        Map<String, String> addresses = Stream.concat(
                        addressed.stream()
                                .map(one -> Map.entry(
                                        one.factory().name(),
                                        String.valueOf(one.factory().addressProperty()))),
                        absent.stream().map(one -> Map.entry(one.name(), one.addressProperty())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        String given = addresses.entrySet().stream()
                .map(one -> addressOf(prefix, one.getKey(), one.getValue()))
                .sorted()
                .collect(Collectors.joining(" and "));
        String names = addresses.keySet().stream().sorted().collect(Collectors.joining(" or "));

        return refusal(
                prefix,
                "the addresses of " + addresses.size() + " brokers are given, and a client has one: " + given,
                "set " + prefix + ".broker to " + names + ", or give the other broker to a client of its own below "
                        + "leasehold.clients");
    }

    private static MessagingException jarMissing(ConfigurationPropertyName prefix, MissingBroker broker) {
        return refusal(
                prefix,
                "the broker is to be " + broker.name() + ", but the jar that speaks to it is missing",
                "add " + broker.artifact() + " to the class path, or remove "
                        + addressOf(prefix, broker.name(), broker.addressProperty()));
    }

    private static MessagingException noAddress(ConfigurationPropertyName prefix, BrokerFactory<?> factory) {
        String address = addressOf(prefix, factory.name(), factory.addressProperty());
        return refusal(
                prefix,
                prefix + ".broker is " + factory.name() + ", and " + address + " is not set",
                "set " + address + ", or name another broker");
    }

    private MessagingException unknown(ConfigurationPropertyName prefix, String name) {
        String known = Stream.concat(
                        factories.stream().map(BrokerFactory::name),
                        missing.stream().map(MissingBroker::name))
                .sorted()
                .collect(Collectors.joining(", "));
        return refusal(
                prefix,
                "there is no broker of the name '" + name + "'",
                "write one of " + known + ", or add the jar that brings this broker");
    }

    private static MessagingException refusal(ConfigurationPropertyName prefix, String what, String remedy) {
        return new MessagingException(ErrorCode.BAD_SETTING, what, prefix + ".broker", remedy);
    }

    private static String addressOf(ConfigurationPropertyName prefix, String broker, @Nullable String property) {
        return prefix + "." + broker + "." + property;
    }

    /** A kind of broker with the properties that one client has for it. */
    private record Candidate<P>(BrokerFactory<P> factory, P properties) {
        static <P> Candidate<P> of(
                BrokerFactory<P> factory, ConfigurationPropertyName prefix, PropertiesBinder binder) {
            return new Candidate<>(factory, binder.bindAll(prefix.append(factory.name()), factory.properties()));
        }

        boolean isAddressed() {
            return factory.isAddressed(properties);
        }

        boolean lacksAddress() {
            return factory.addressProperty() != null && !isAddressed();
        }

        Broker create() {
            return factory.create(properties);
        }

        @Nullable
        StartLimits limits() {
            return factory.startLimits(properties);
        }
    }

    /**
     * What was chosen for one client.
     *
     * @param chosen gives the broker, or throws why there is none: only a client that needs it is refused
     */
    private record Choice(
            Supplier<Candidate<?>> chosen, @Nullable StartLimits limits, boolean isFallback) {
        static Choice of(Candidate<?> candidate) {
            return new Choice(() -> candidate, candidate.limits(), false);
        }

        static Choice refused(Supplier<? extends RuntimeException> refusal) {
            return new Choice(
                    () -> {
                        throw refusal.get();
                    },
                    null,
                    false);
        }

        Choice asFallback() {
            return new Choice(chosen, limits, true);
        }
    }
}
