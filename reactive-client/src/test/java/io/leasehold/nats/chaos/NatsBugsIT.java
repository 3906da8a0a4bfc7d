package io.leasehold.nats.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.leasehold.simulation.Mutant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Each mistake makes the test fail that is there to find it, and without the mistake the test succeeds. */
@Tag("once")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class NatsBugsIT {
    private static final LauncherConfig ALONE = LauncherConfig.builder()
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enableTestExecutionListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false)
            .build();

    @ParameterizedTest
    @EnumSource
    void aPlantedBugIsFoundByItsTest(NatsBug bug) throws ClassNotFoundException {
        assertThat(failures(bug, new Mutant().loader())).as("without the bug").isEmpty();
        assertThat(failures(bug, bug.planted())).as("with the bug").isNotEmpty();
    }

    private static List<Throwable> failures(NatsBug bug, ClassLoader product) throws ClassNotFoundException {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(product.loadClass(bug.testClass()), bug.testMethod()))
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create(ALONE).execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        assertThat(summary.getTestsStartedCount())
                .as("%s#%s: %s", bug.testClass(), bug.testMethod(), summary.getFailures())
                .isEqualTo(1);
        return summary.getFailures().stream()
                .map(TestExecutionSummary.Failure::getException)
                .toList();
    }
}
