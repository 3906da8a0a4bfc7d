package io.leasehold.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tokens are ordered, and so are their texts. */
class FencingTokenTest {
    private static final long SEED = Long.getLong("test.seed", 7);

    private static final long[] EDGES = {0, 1, 9, 10, 255, 256, Long.MAX_VALUE - 1, Long.MAX_VALUE, -2, -1};

    private static List<FencingToken> tokens() {
        List<FencingToken> tokens = new ArrayList<>();
        for (long lifetime : EDGES) {
            for (long sequence : EDGES) {
                tokens.add(new FencingToken(lifetime, sequence));
            }
        }
        Random random = new Random(SEED);
        for (int i = 0; i < 1000; i++) {
            tokens.add(new FencingToken(random.nextLong() >>> random.nextInt(64), random.nextLong() >>> 40));
        }
        Collections.shuffle(tokens, random);
        return tokens;
    }

    @Test
    void theOrderOfTheTextsIsTheOrderOfTheTokens() {
        List<FencingToken> byToken = tokens();
        Collections.sort(byToken);
        List<FencingToken> byText = tokens();
        byText.sort(Comparator.comparing(FencingToken::text));

        assertThat(byText).as("seed %d", SEED).isEqualTo(byToken);
    }

    @Test
    void everyTextHasTheSameLength() {
        assertThat(tokens())
                .extracting(FencingToken::text)
                .allSatisfy(text -> assertThat(text).hasSize(33));
    }

    @Test
    void equalTokensHaveEqualTextsAndDifferentOnesDoNot() {
        List<FencingToken> tokens = tokens();
        long different = tokens.stream().distinct().count();
        assertThat(tokens.stream().map(FencingToken::text).distinct()).hasSize((int) different);
    }

    @Test
    void aLaterDeliveryIsNewer() {
        FencingToken first = new FencingToken(3, 8);
        assertThat(new FencingToken(3, 9).isNewerThan(first)).isTrue();
        assertThat(first.isNewerThan(new FencingToken(3, 9))).isFalse();
        assertThat(first.isNewerThan(first)).isFalse();
    }

    @Test
    void aNewLifeOfTheGroupIsNewerWhateverTheSequence() {
        assertThat(new FencingToken(4, 0).isNewerThan(new FencingToken(3, -1))).isTrue();
        assertThat(new FencingToken(-1, 0).isNewerThan(new FencingToken(Long.MAX_VALUE, 5)))
                .isTrue();
    }
}
