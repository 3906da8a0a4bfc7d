package io.leasehold.nonblocking;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Watches for blocking calls before the first test of any engine. */
public final class WatchSession implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        BlockingCalls.watch();
    }
}
