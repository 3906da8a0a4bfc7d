package io.leasehold.nats.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectIteration;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.ServerChoice;
import io.leasehold.nats.server.WithServers;
import io.leasehold.planted.Mutant;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.MethodSelector;
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
        assumeTrue(bug.servers() == ServerChoice.ALL
                || !bug.servers().of(NatsServers.all()).isEmpty());
        assertThat(failures(bug, new Mutant().loader())).as("without the bug").isEmpty();
        assertThat(failures(bug, bug.planted())).as("with the bug").isNotEmpty();
    }

    private static List<Throwable> failures(NatsBug bug, ClassLoader product) throws ClassNotFoundException {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(method(product.loadClass(bug.testClass()), bug.testMethod()))
                .configurationParameter(WithServers.CHOICE, bug.servers().name())
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

    // Of one with parameters the first call is enough.
    private static DiscoverySelector selector(Class<?> test, Method method) {
        MethodSelector all = selectMethod(test, method);
        return method.getParameterCount() == 0 ? all : selectIteration(all, 0);
    }

    private static DiscoverySelector method(Class<?> test, String name) {
        return Stream.of(test.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .map(method -> selector(test, method))
                .findFirst()
                .orElseThrow(() -> new AssertionError(test + " has no method " + name));
    }
}
