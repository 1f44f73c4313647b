package org.ifaas.factory.stage;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.TestInstance;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.suite.Iperf;
import org.ifaas.factory.suite.IperfServer;
import org.ifaas.factory.suite.SuiteResult;

/**
 * What iperf3 tells of an instance's network: to the factory where instances reach it, else between two of them. Never a gate.
 *
 * @param ports of the factory that an instance has to reach for it: of this build's own iperf3 server, if it has one
 * @param peerPort of an instance, for the other one
 */
record NetworkFigures(TestInstances instances, StageContext build, Iperf iperf, List<Integer> ports, int peerPort) {
    private static final String IPERF = "iperf3";
    private static final int PEER_PORT = 5201;

    /** Starts the build's server, where one is needed; it is stopped by the clean-up. */
    static NetworkFigures of(TestInstances instances, StageContext build, InstantSource clock)
            throws InterruptedException {
        return new NetworkFigures(instances, build, new Iperf(IPERF, clock), served(instances, build), PEER_PORT);
    }

    private static List<Integer> served(TestInstances instances, StageContext build) throws InterruptedException {
        var tests = build.fact(Inputs.class).definition().tests();
        if (!tests.suite().equals("baseline")) {
            return List.of();
        }
        var reach = instances.reach();
        if (reach == null) {
            if (!tests.twoInstances()) {
                build.log()
                        .line(
                                "no network figures: instances there don't reach the factory, and there is no second one");
            }
            return List.of();
        }
        try {
            return List.of(new IperfServer(IPERF, build.folder()).start(reach));
        } catch (StageFailure e) {
            build.log().line("no network figures: %s", e.getMessage());
            return List.of();
        }
    }

    SuiteResult toFactory(TestInstance instance, Connection connection) throws InterruptedException {
        var result = SuiteResult.NONE;
        for (int port : ports) {
            result = result.and(iperf.measure(
                    connection, Iperf.Far.FACTORY, instance.factoryAddress(), port, architecture(), build.log()));
        }
        return result;
    }

    /** Whether the two instances of a build are needed for it. */
    boolean areBetweenInstances() {
        return build.fact(Inputs.class).definition().tests().suite().equals("baseline") && instances.reach() == null;
    }

    SuiteResult between(TestInstance first, Connection toFirst, TestInstance second, Connection toSecond)
            throws InterruptedException {
        try {
            var address =
                    instances.join(first.machine().name(), second.machine().name(), peerPort);
            if (address == null) {
                build.log().line("no network figures: instances there reach neither the factory nor each other");
                return SuiteResult.NONE;
            }
            iperf.serve(toSecond, peerPort, architecture(), build.log());
            return iperf.measure(toFirst, Iperf.Far.INSTANCE, address, peerPort, architecture(), build.log());
        } catch (StageFailure | IOException e) {
            build.log().line("no network figures: %s", String.valueOf(e.getMessage()));
            return SuiteResult.NONE;
        }
    }

    private String architecture() {
        return build.fact(Inputs.class).definition().architecture();
    }
}
