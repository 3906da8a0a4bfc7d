package io.leasehold.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DerivedIdsTest {
    private static final Message BASE =
            Message.to("alerts").key("NC").header("kind", "quake").body("5.1");

    private final DerivedIds ids = DerivedIds.of("assessors", "quakes.nc:42");

    @Test
    void aRedeliveryGetsTheSameIds() {
        DerivedIds again = DerivedIds.of("assessors", "quakes.nc:42");
        assertThat(again.next(BASE)).isEqualTo(ids.next(BASE));
        assertThat(again.named("first", "felt.nc")).isEqualTo(ids.named("first", "felt.nc"));
    }

    @Test
    void anIdIsShortAndPrintable() {
        assertThat(ids.next(BASE).value()).matches("[0-9a-v]{40}");
    }

    @Test
    void whateverDiffersGivesAnotherId() {
        Set<MessageId> all = new HashSet<>();
        List<Message> different = List.of(
                BASE,
                BASE.topic("alerts.nc"),
                BASE.key("CA"),
                Message.to("alerts").header("kind", "quake").body("5.1"),
                BASE.key(""),
                BASE.header("kind", "quake"),
                BASE.header("more", ""),
                Message.to("alerts").key("NC").header("Kind", "quake").body("5.1"),
                BASE.body("5.2"),
                BASE.body(""));

        different.forEach(message -> all.add(ids.next(message)));
        all.add(DerivedIds.of("others", "quakes.nc:42").next(BASE));
        all.add(DerivedIds.of("assessors", "quakes.nc:43").next(BASE));
        all.add(DerivedIds.of("assessorsq", "uakes.nc:42").next(BASE));

        assertThat(all).hasSize(different.size() + 3);
    }

    @Test
    void partsThatRunIntoEachOtherAreNotTheSame() {
        Message one = Message.to("a").key("bc").body("d");
        Message other = Message.to("a").key("b").body("cd");
        assertThat(ids.next(one)).isNotEqualTo(ids.next(other));
    }

    @Test
    void anIdThatTheUserSetIsNoPartOfIt() {
        assertThat(DerivedIds.of("assessors", "quakes.nc:42").next(BASE.id("mine")))
                .isEqualTo(ids.next(BASE));
    }

    @Test
    void equalOnesAreToldApartByTheirNumber() {
        List<MessageId> three = Stream.generate(() -> ids.next(BASE)).limit(3).toList();
        assertThat(three).doesNotHaveDuplicates();
        ids.reset();
        assertThat(Stream.generate(() -> ids.next(BASE)).limit(3)).isEqualTo(three);
    }

    @Test
    void theOrderOfPublishingDoesNotMatter() {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            messages.add(BASE.body("body " + i % 20));
        }
        Set<MessageId> inOrder = new HashSet<>();
        messages.forEach(message -> inOrder.add(ids.next(message)));
        long seed = new Random().nextLong();
        Collections.shuffle(messages, new Random(seed));
        ids.reset();
        Set<MessageId> shuffled = new HashSet<>();
        messages.forEach(message -> shuffled.add(ids.next(message)));

        assertThat(shuffled).as("seed %d", seed).isEqualTo(inOrder).hasSize(50);
    }

    @Test
    void aNameGivesItsIdWhateverIsPublishedAndHowOften() {
        assertThat(ids.named("a", "felt.nc"))
                .isEqualTo(ids.named("a", "felt.nc"))
                .isNotEqualTo(ids.named("b", "felt.nc"));
        assertThat(ids.named("a", "felt.nc"))
                .isNotEqualTo(DerivedIds.of("assessors", "quakes.nc:43").named("a", "felt.nc"));
    }

    @Test
    void aNameGivesAnotherIdForAnotherTopicSinceTopicsMayShareTheirIds() {
        assertThat(ids.named("a", "felt.nc")).isNotEqualTo(ids.named("a", "felt.us"));
    }

    @Test
    void whatIsRememberedIsBounded() {
        for (int i = 0; i < DerivedIds.MAX_REMEMBERED; i++) {
            ids.next(BASE.body("body " + i));
        }

        assertThatThrownBy(() -> ids.next(BASE.body("one more")))
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_DERIVED));
        assertThat(ids.next(BASE.body("body 7"))).as("known ones go on").isNotNull();
        assertThat(ids.named("more", "felt.nc")).isNotNull();
    }
}
