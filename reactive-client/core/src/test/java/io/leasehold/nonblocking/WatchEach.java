package io.leasehold.nonblocking;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Watches each test, and fails the one in which something blocked. */
public final class WatchEach implements InvocationInterceptor, AfterEachCallback {
    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        BlockingCalls.<Throwable>during(invocation::proceed);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        BlockingCalls.<Throwable>during(invocation::proceed);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext test, ExtensionContext context) throws Throwable {
        BlockingCalls.<Throwable>during(invocation::proceed);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        BlockingCalls.check();
    }
}
