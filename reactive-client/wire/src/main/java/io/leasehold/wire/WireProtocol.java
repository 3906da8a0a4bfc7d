package io.leasehold.wire;

/**
 * Names the protocol that is spoken over a connection: how its addresses are written, and what its settings are
 * called.
 *
 * @param name what its settings and threads begin with, such as {@code nats}
 * @param scheme what addresses begin with that are not secured
 * @param tlsScheme what addresses begin with that are secured
 * @param port where its servers listen unless an address says otherwise
 * @param settings the class of the settings that applications write, such as {@code NatsSettings}
 */
public record WireProtocol(String name, String scheme, String tlsScheme, int port, String settings) {

    /** Names a setting as users write it in properties: {@code leasehold.nats.servers}. */
    public String setting(String setting) {
        return "leasehold." + codeSetting(setting);
    }

    /** Names a setting of which there is no property: {@code nats.write-timeout}. */
    public String codeSetting(String setting) {
        return name + "." + setting;
    }

    /** Makes what a server said fit for a log: what is not printable ASCII becomes {@code ?}. */
    public static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
