package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.lease.Lease;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.message.Retention;
import io.leasehold.nats.NatsSettings;
import io.leasehold.nats.NatsStream;
import io.leasehold.pace.StageAnswer;
import io.leasehold.publish.MessagePublisher;
import io.leasehold.publish.PublishSettings;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * What a text of ours advises exists: each property that begins with {@code leasehold.}, and each method in the form
 * {@code name(..)}, which is one of the types that users meet.
 */
class AdviceTest {
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern METHOD = Pattern.compile("\\b([a-z][A-Za-z]+)\\(\\.\\.\\)");
    private static final Pattern PROPERTY =
            Pattern.compile("\\bleasehold(\\.[a-z][a-z0-9-]*)+(?=[^a-z0-9.-]|\\.?$|\\. )");
    private static final Pattern MEMBER = Pattern.compile("\\b[A-Z][A-Za-z]+\\.[A-Za-z_.]*[A-Za-z_]");
    private static final Pattern CALL = Pattern.compile("\\b([a-z][A-Za-z]+)\\([a-z, ]*\\)");
    private static final Pattern COMPOUND = Pattern.compile("(?<![.\\w])[a-z]+[A-Z][A-Za-z]*\\b");
    private static final Set<String> OF_OTHERS = Set.of("JS.ACK", "JS.API", "maxWaitDuration", "flatMap");
    private static final Set<String> OTHERS = Set.of(
            "leasehold.listeners",
            "leasehold.clients",
            "leasehold.claims",
            "leasehold.link",
            "leasehold.tls",
            "leasehold.nats.streams.named");
    private static final KnownProperties KNOWN =
            KnownProperties.of(List.of(new EmbeddedBrokerFactory(), new NatsBrokerFactory()));
    private static final List<Class<?>> MET = List.of(
            MessageClient.class,
            MessageClientBuilder.class,
            MessageConsumer.class,
            MessagePublisher.class,
            Message.class,
            Delivery.class,
            Lease.class,
            EmbeddedSettings.class,
            NatsSettings.class,
            NatsStream.class,
            PublishSettings.class,
            Retention.class,
            StageAnswer.class,
            TouchMode.class,
            Mono.class);

    /** The lines of code of client and starter, without comments. */
    private static Stream<String> lines() {
        return Stream.of(
                        "../reactive-client/core/src/main/java",
                        "../reactive-client/nats/src/main/java",
                        "src/main/java")
                .map(Path::of)
                .flatMap(AdviceTest::filesIn)
                .flatMap(AdviceTest::linesOf)
                .map(String::strip)
                .filter(line -> !line.startsWith("*") && !line.startsWith("/*") && !line.startsWith("//"));
    }

    private static Stream<Path> filesIn(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static Stream<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static Set<String> found(Pattern pattern, int group) {
        Set<String> names = new TreeSet<>();
        lines().forEach(line -> {
            Matcher literal = LITERAL.matcher(line);
            while (literal.find()) {
                Matcher name = pattern.matcher(literal.group(1));
                while (name.find()) {
                    names.add(name.group(group));
                }
            }
        });
        return names;
    }

    @Test
    void everyMethodThatATextNamesExists() {
        Set<String> methods = MET.stream()
                .flatMap(type -> Stream.of(type.getMethods()))
                .map(Method::getName)
                .collect(Collectors.toSet());
        Set<String> named = found(METHOD, 1);

        assertThat(named).as("methods that texts name").contains("codecs", "through");
        assertThat(methods).containsAll(named);
    }

    /** Names of the members of a type that users meet, and of those of others that stand behind its name. */
    @Test
    void everyMemberThatATextNamesExists() {
        Set<String> named = new TreeSet<>();
        sentences().forEach(text -> {
            MEMBER.matcher(text).results().map(MatchResult::group).forEach(named::add);
            CALL.matcher(text).results().map(call -> call.group(1)).forEach(named::add);
            COMPOUND.matcher(text).results().map(MatchResult::group).forEach(named::add);
        });
        named.removeIf(OF_OTHERS::contains);

        assertThat(named).as("members that texts name").contains("NatsStream.maxBytes", "deadLetterTo", "maxHold");
        assertThat(named).allMatch(AdviceTest::isMember);
    }

    private static boolean isMember(String name) {
        int dot = name.indexOf('.');
        String type = dot < 0 ? "" : name.substring(0, dot);
        return MET.stream()
                .filter(met -> dot < 0 || met.getSimpleName().equals(type))
                .flatMap(AdviceTest::membersOf)
                .anyMatch(name.substring(dot + 1)::equals);
    }

    /** The members of a type, and what its builder sets. */
    private static Stream<String> membersOf(Class<?> type) {
        Stream<Class<?>> builders = Stream.of(type.getClasses())
                .filter(nested -> nested.getSimpleName().equals("Builder"));
        return Stream.concat(
                Stream.concat(Stream.of(type), builders)
                        .flatMap(each -> Stream.of(each.getMethods()))
                        .map(Method::getName),
                Stream.of(type.getFields()).map(Field::getName));
    }

    /** What has a blank in it is a text for people. */
    private static Stream<String> sentences() {
        return lines().flatMap(line -> LITERAL.matcher(line).results().map(found -> found.group(1)))
                .filter(text -> text.contains(" "))
                .map(text -> text.replaceAll("\\\\.", " "));
    }

    @Test
    void everyPropertyThatATextNamesExists() {
        Set<String> named = found(PROPERTY, 0);
        named.removeIf(AdviceTest::isNoProperty);

        List<String> unknown = new ArrayList<>(named);
        unknown.removeIf(KNOWN::isKnown);
        assertThat(named).as("properties that texts name").contains("leasehold.nats.servers");
        assertThat(unknown).isEmpty();
    }

    // Meters, handlers of Netty and subjects of NATS have names of this form, too; and a text may speak of all
    // properties below a name.
    private static boolean isNoProperty(String name) {
        boolean prefix = KNOWN.all().stream().anyMatch(known -> known.startsWith(name + "."));
        return prefix || OTHERS.contains(name) || meters().contains(name);
    }

    private static Set<String> meters() {
        return filesIn(Path.of("../reactive-client/core/src/main/java/io/leasehold/observation"))
                .flatMap(AdviceTest::linesOf)
                .flatMap(line -> LITERAL.matcher(line).results().map(found -> found.group(1)))
                .collect(Collectors.toSet());
    }
}
