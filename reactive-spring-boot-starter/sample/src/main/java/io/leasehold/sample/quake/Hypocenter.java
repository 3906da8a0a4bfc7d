package io.leasehold.sample.quake;

/**
 * Where an earthquake began.
 *
 * @param latitude degrees, north positive
 * @param longitude degrees, east positive
 * @param depthKm kilometres below sea level; negative above it
 */
public record Hypocenter(double latitude, double longitude, double depthKm) {}
