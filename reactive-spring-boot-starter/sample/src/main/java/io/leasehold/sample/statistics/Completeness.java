package io.leasehold.sample.statistics;

/**
 * How the magnitude is chosen from which on a catalogue is taken to be complete. Below it small earthquakes are
 * missing, and a b-value would be too low.
 */
public enum Completeness {

    /**
     * Magnitude 5.0, for a catalogue that joins networks over the whole world. Its regional networks report much
     * smaller earthquakes, but only where they are, so its fullest bin says nothing. The value is a plain choice:
     * distant stations see an earthquake of this size wherever it is, and the estimate hardly depends on it any more.
     * In the catalogue of 2016 it stays between 0.97 and 1.07 for every choice from 5.0 to 5.9, while 4.5 would give
     * 1.21.
     */
    WORLDWIDE {
        @Override
        int bin(MagnitudeBins bins) {
            return 50;
        }
    },

    /**
     * The fullest bin of 0.1 plus 0.2, for one network: maximum curvature (S. Wiemer and M. Wyss, "Minimum magnitude of
     * completeness in earthquake catalogs", Bulletin of the Seismological Society of America 90 (2000), 859-869) with
     * the correction of J. Woessner and S. Wiemer, "Assessing the quality of earthquake catalogues", the same 95
     * (2005), 684-698.
     */
    MAXIMUM_CURVATURE {
        @Override
        int bin(MagnitudeBins bins) {
            return bins.fullest() + 2;
        }
    };

    /** Returns the bin from which on the earthquakes are taken to be complete. */
    abstract int bin(MagnitudeBins bins);
}
