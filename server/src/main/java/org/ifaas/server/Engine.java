package org.ifaas.server;

import java.io.IOException;
import java.nio.file.Files;
import java.util.function.Predicate;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.Runner;
import org.ifaas.factory.publish.ApprovalSigner;
import org.ifaas.factory.publish.Approvals;
import org.ifaas.factory.publish.Certification;
import org.ifaas.factory.publish.OwnRegions;
import org.ifaas.factory.publish.Publisher;
import org.ifaas.factory.stage.ChangeCheck;
import org.ifaas.factory.stage.ImagesToTest;
import org.ifaas.factory.stage.InstanceTests;
import org.ifaas.factory.stage.Stages;
import org.ifaas.factory.suite.BaselineSuite;
import org.ifaas.sources.RequestCheck;
import org.ifaas.store.log.PostgresLogs;
import org.ifaas.store.queue.SchedulerQueue;

/** From the request to the published image. */
record Engine(
        RequestCheck check,
        Builds builds,
        SchedulerQueue queue,
        PostgresLogs logs,
        Certification certification,
        Publisher publisher) {

    static Engine on(Premises on, ApprovalSigner approvals) throws IOException {
        var config = on.config();
        var ports = on.ports();
        var store = on.store();
        var journal = store.journal();
        var logs = store.logs(ports.store());
        var hosts = config.policies().hosts();
        var changes = new ChangeCheck(journal, ports.builders(), ports.mirrors(), hosts, ports.store(), Version.TEXT);
        var tests = new InstanceTests(
                ports.instances(),
                ports.registries(),
                ports.remote(),
                ports.repository(),
                ports.store(),
                new BaselineSuite(config.policies().tests(), on.clock()),
                hosts,
                on.names(),
                on.clock());
        Files.createDirectories(config.imagesToTest());
        var pipelines = Stages.pipelines(
                ports,
                logs,
                changes,
                tests,
                hosts,
                config.publication(),
                on.names(),
                new ImagesToTest(config.imagesToTest()),
                journal,
                on.audit());
        Predicate<Parameters> own = ports.hosts()::needOwnMachine;
        var runner = new Runner(
                journal,
                logs,
                pipelines,
                config.policies().pipeline(),
                of -> own.test(of) ? on.home().folder("builds") : on.home().shared("builds"),
                on.clock());
        var queue = store.queue(new NodeCarrier(runner, journal, own), config.parallelBuilds());
        var certification = new Certification(
                journal,
                store.confirmations(),
                store.requests(),
                ports.store(),
                config.publication(),
                on.audit(),
                config.mostEvidenceBytes(),
                on.clock());
        var publisher = new Publisher(
                store.requests(),
                new Approvals(store.requests(), journal, approvals, config.publication(), on.clock()),
                certification,
                new OwnRegions(config.ownRegions(), ports.registries(), ports.measurer()),
                config.publication(),
                on.audit(),
                on.clock());
        return new Engine(
                new RequestCheck(ports.repository(), ports.hosts(), ports.registries(), on.trusted()),
                new Builds(journal, queue, pipelines, on.audit(), on.clock()),
                queue,
                logs,
                certification,
                publisher);
    }
}
