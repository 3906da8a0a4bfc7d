package io.leasehold.sample.quake;

import java.math.BigDecimal;

/** The numbers a field accepts, both ends included. */
record Bounds(BigDecimal min, BigDecimal max, String unit) {

    static Bounds of(long min, long max, String unit) {
        return new Bounds(BigDecimal.valueOf(min), BigDecimal.valueOf(max), unit);
    }

    boolean contain(BigDecimal number) {
        return number.compareTo(min) >= 0 && number.compareTo(max) <= 0;
    }

    String remedy() {
        return "give " + unit + " from " + min + " to " + max;
    }
}
