package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of NATS users; their secrets are those of RFC 8032 section 7.1. */
class UserKeyTest {
    private static final String SEED = "SUAJ2YNRTXX72WTAXKCEV5ES5QWMIRCJYVUXWMTJDFYDXLADDSXH6YALCA";

    @ParameterizedTest
    @CsvSource({
        SEED
                + ",UDLVVGABQKYQVN6VJP7NHSLEA45A5YLS6PNKMIZFV4BBU2HXA5IRUVAL,"
                + "PP_I1qZxWNWajLyoN8u2gRoWBIkQhL5APn3jXKSdD3Cw-naIQT1RI9IGdnlSnFc_Mvu28ivM2mH4nVtVLvCMDw",
        "SUAMLKUN6Q7Z7A335W3UILZR3S33CZWTQU2QO3YJJOC44OROBNCFR54NIM,"
                + "UD6FDTMOMIMKDI4NUR7NAARQ6BMAQFXNCO5DGA5MLXVZCFKISCACL4HR,"
                + "IEBr9Pblzc0IrFyMkf152Q4quZT_NlyOHrg3PHRRDOfP8DLhc0axbpZ55f00wTVrG5prN8X4PjZJUtJpsTOKDA"
    })
    void aSeedGivesThePublicKeyAndSigns(String seed, String publicText, String signature) {
        UserKey key = UserKey.ofSeed(seed.toCharArray(), "a file");
        assertThat(key.publicText()).isEqualTo(publicText);
        assertThat(key.sign("nonce-1")).isEqualTo(signature);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SU",
                "SUAJ2YNRTXX72WTAXKCEV5ES5QWMIRCJYVUXWMTJDFYDXLADDSXH6YALC",
                "SUAJ2YNRTXX72WTAXKCEV5ES5QWMIRCJYVUXWMTJDFYDXLADDSXH6YALCB",
                "SUAJ2YNRTXX72WTAXKCEV5ES5QWMIRCJYVUXWMTJDFYDXLADDSXH6YALC ",
                "suaj2ynrtxx72wtaxkcev5es5qwmircjyvuxwmtjdfydxladdsxh6yalca",
                "SAAMLKUN6Q7Z7A335W3UILZR3S33CZWTQU2QO3YJJOC44OROBNCFR536R4",
                "UDLVVGABQKYQVN6VJP7NHSLEA45A5YLS6PNKMIZFV4BBU2HXA5IRUVAL"
            })
    void whatIsNoSeedOfAUserIsRefusedWithoutSayingIt(String text) {
        assertThatThrownBy(() -> UserKey.ofSeed(text.toCharArray(), "a file")).satisfies(error -> {
            assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.BAD_SETTING);
            assertThat(error.getMessage()).doesNotContain("AJ2YNRTXX").doesNotContain("DLVVGABQ");
        });
    }

    @Test
    void itsTextHoldsNoSecret() {
        assertThat(UserKey.ofSeed(SEED.toCharArray(), "a file")).asString().doesNotContain(SEED.substring(2, 20));
    }

    @ParameterizedTest
    @CsvSource({"'',''", "f,MY", "fo,MZXQ", "foo,MZXW6", "foob,MZXW6YQ", "fooba,MZXW6YTB", "foobar,MZXW6YTBOI"})
    void base32IsThatOfTheStandard(String plain, String encoded) {
        byte[] bytes = plain.getBytes(StandardCharsets.US_ASCII);
        assertThat(Base32.encode(bytes)).isEqualTo(encoded);
        assertThat(Base32.decode(encoded.toCharArray())).isEqualTo(bytes);
    }

    @Test
    void anyBytesComeBack() {
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            assertThat(Base32.decode(Base32.encode(bytes).toCharArray())).isEqualTo(bytes);
        }
    }
}
