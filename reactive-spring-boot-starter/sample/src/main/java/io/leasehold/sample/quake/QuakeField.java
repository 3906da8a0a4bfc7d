package io.leasehold.sample.quake;

/** The fields of an earthquake in the order of the catalogue, with their names in both written forms. */
enum QuakeField {
    TIME("DateTime", "time", Kind.TEXT),
    LATITUDE("Latitude", "latitude", Kind.NUMBER),
    LONGITUDE("Longitude", "longitude", Kind.NUMBER),
    DEPTH("Depth", "depthKm", Kind.NUMBER),
    MAGNITUDE("Magnitude", "magnitude", Kind.NUMBER),
    MAGNITUDE_TYPE("MagType", "magnitudeType", Kind.TEXT),
    STATIONS("NbStations", "stations", Kind.NUMBER),
    GAP("Gap", "gapDegrees", Kind.NUMBER),
    DISTANCE("Distance", "distance", Kind.NUMBER),
    RMS("RMS", "rmsSeconds", Kind.NUMBER),
    SOURCE("Source", "source", Kind.TEXT),
    EVENT_ID("EventID", "eventId", Kind.TEXT);

    /** What a JSON value for the field must be. */
    enum Kind {
        TEXT,
        NUMBER
    }

    private final String column;
    private final String property;
    private final Kind kind;

    QuakeField(String column, String property, Kind kind) {
        this.column = column;
        this.property = property;
        this.kind = kind;
    }

    String column() {
        return column;
    }

    String property() {
        return property;
    }

    Kind kind() {
        return kind;
    }
}
