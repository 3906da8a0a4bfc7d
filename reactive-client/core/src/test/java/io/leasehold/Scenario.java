package io.leasehold;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a test that shows a scenario of the catalogue {@code reactive-client/SCENARIOS.md}. Several numbers are allowed
 * where one test shows several scenarios.
 *
 * <p>The catalogue names the classes of these tests; {@code ScenarioCatalogueTest} compares the two.
 */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Scenario {
    /**
     * Returns the numbers of the scenarios.
     *
     * @return as they stand in the headings of the catalogue
     */
    int[] value();
}
