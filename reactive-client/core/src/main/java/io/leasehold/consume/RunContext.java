package io.leasehold.consume;

/**
 * What the deliveries of one subscription and their runs share.
 *
 * @param client what all consumers of the client share
 * @param group the group
 * @param leases open their leases
 * @param bodies decode their bodies
 * @param failures what a failure means
 * @param reports tell what becomes of them
 * @param blocking the threads of blocking handlers
 * @param stages what each run passes
 * @param receiver hears what happens to them
 */
record RunContext<T>(
        ConsumeContext client,
        String group,
        LeaseOpener leases,
        BodyDecoder<T> bodies,
        FailureRules failures,
        DeliveryReports reports,
        BlockingThreads blocking,
        StagePass.Stages stages,
        DeliveryReceiver<T> receiver) {}
