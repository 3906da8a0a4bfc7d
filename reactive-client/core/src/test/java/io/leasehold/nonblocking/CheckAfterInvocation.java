package io.leasehold.nonblocking;

import org.testng.IInvokedMethod;
import org.testng.IInvokedMethodListener;
import org.testng.ITestResult;

/** As {@link WatchEach}, for the rules of Reactive Streams: they run on real threads alone. */
public final class CheckAfterInvocation implements IInvokedMethodListener {
    @Override
    public void afterInvocation(IInvokedMethod method, ITestResult result) {
        try {
            BlockingCalls.check();
        } catch (AssertionError blocked) {
            result.setStatus(ITestResult.FAILURE);
            result.setThrowable(blocked);
        }
    }
}
