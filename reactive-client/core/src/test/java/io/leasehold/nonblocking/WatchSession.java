package io.leasehold.nonblocking;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Watches for blocking calls before the first test of any engine; not where tests are only looked for, as the build
 * does in its own process before it distributes them over several, and not where Jazzer searches: it rewrites classes
 * of its own, and the two get in each other's way.
 */
public final class WatchSession implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        session.getLauncher().registerTestExecutionListeners(new TestExecutionListener() {
            @Override
            public void testPlanExecutionStarted(TestPlan plan) {
                if (System.getenv("JAZZER_FUZZ") == null) {
                    BlockingCalls.watch();
                }
            }
        });
    }
}
