package org.ifaas.server.statistics;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.server.api.HostList;
import org.ifaas.server.api.Inquiries;
import org.ifaas.server.api.InquiryPolicy;
import org.ifaas.server.login.Sessions;
import org.ifaas.store.statistics.PostgresStatistics;
import org.ifaas.store.statistics.PostgresStatistics.Count;
import org.ifaas.store.statistics.PostgresStatistics.OfImage;
import org.ifaas.store.statistics.PostgresStatistics.OfStage;
import org.ifaas.store.statistics.PostgresStatistics.StageCount;

/**
 * Metrics in Prometheus' text form, version 0.0.4. What they count lies in the database, so that they are the same on every node
 * and after a restart; no library keeps a second account of it.
 */
public final class Metrics {
    public static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** What percentiles are about. */
    private static final Duration LATELY = Duration.ofDays(30);

    private final Recent<Counts> counts;
    private final PostgresStatistics statistics;
    private final InstantSource clock;
    private final ArtifactStore store;
    private final BuildHosts hosts;
    private final Inquiries<Integer> inquiries;
    private final Sessions sessions;
    private final String version;

    public Metrics(
            PostgresStatistics statistics,
            ArtifactStore store,
            BuildHosts hosts,
            InquiryPolicy inquiries,
            Sessions sessions,
            String version,
            InstantSource clock) {
        this.counts = new Recent<>(
                () -> {
                    var since = clock.instant().minus(LATELY);
                    return new Counts(
                            statistics.counts(),
                            statistics.stageCounts(),
                            statistics.requestCounts(),
                            statistics.images(since),
                            statistics.stages(since));
                },
                clock);
        this.statistics = statistics;
        this.clock = clock;
        this.store = store;
        this.hosts = hosts;
        this.inquiries = new Inquiries<>(inquiries.keepingNothing(), clock);
        this.sessions = sessions;
        this.version = version;
    }

    /** Of all time and of late, which cost the database something. */
    private record Counts(
            List<Count> builds,
            List<StageCount> stages,
            Map<String, Long> requests,
            List<OfImage> images,
            List<OfStage> lately) {}

    /** What a cloud does not say in time is missing. */
    public String text() throws InterruptedException {
        var asked = inquiries.each(
                hosts.all(),
                provider -> inquiries.ask(
                        HostList.whom(provider),
                        provider.kind().name(),
                        () -> provider.list().size()));
        var text = new Text();
        var all = counts.get();
        text.head("ifaas_info", "gauge", "The factory's version.");
        text.sample("ifaas_info", 1, "version", version);
        builds(all.builds(), text);
        stages(all.stages(), text);
        percentiles(all, text);
        outbox(text);
        text.head("ifaas_publication_requests", "gauge", "Publication requests by state.");
        all.requests().forEach((state, count) -> text.sample("ifaas_publication_requests", count, "state", state));
        text.head("ifaas_hosts", "gauge", "Build hosts that there are.");
        for (var one : asked) {
            var provider = one.getKey();
            var count = one.getValue().answer().value();
            // A sample that is missing says so; the doctor says why.
            if (count != null) {
                text.sample(
                        "ifaas_hosts",
                        count,
                        "kind",
                        provider.kind().name(),
                        "cloud",
                        provider.cloud() == null ? "" : provider.cloud());
            }
        }
        text.head("ifaas_sessions", "gauge", "Sessions of the console.");
        text.sample("ifaas_sessions", sessions.count());
        try {
            long free = store.free();
            text.head("ifaas_artifact_store_free_bytes", "gauge", "Bytes that can still be written.");
            text.sample("ifaas_artifact_store_free_bytes", free);
        } catch (IOException notReachable) {
            // A sample that is missing says so; the doctor says why.
        }
        process(text);
        return text.toString();
    }

    private static void percentiles(Counts all, Text text) {
        text.head("ifaas_build_seconds", "gauge", "Time of good builds of the last 30 days, all attempts together.");
        all.images()
                .forEach(image ->
                        quantiles(text, "ifaas_build_seconds", image.p50(), image.p95(), "image", image.image()));
        text.head("ifaas_queue_wait_seconds", "gauge", "How long builds of the last 30 days waited to begin.");
        all.images()
                .forEach(image -> quantiles(
                        text, "ifaas_queue_wait_seconds", image.waitP50(), image.waitP95(), "image", image.image()));
        text.head("ifaas_stage_seconds", "gauge", "Time of good runs of stages of the last 30 days.");
        all.lately()
                .forEach(stage -> quantiles(
                        text,
                        "ifaas_stage_seconds",
                        stage.p50(),
                        stage.p95(),
                        "image",
                        stage.image(),
                        "stage",
                        stage.stage().slug()));
    }

    private static void quantiles(Text text, String name, double p50, double p95, String... labels) {
        var more = Arrays.copyOf(labels, labels.length + 2);
        more[labels.length] = "quantile";
        more[labels.length + 1] = "0.5";
        text.sample(name, p50, more);
        more[labels.length + 1] = "0.95";
        text.sample(name, p95, more);
    }

    private void outbox(Text text) {
        var outbox = statistics.outbox(clock.instant());
        text.head("ifaas_outbox", "gauge", "Events and deliveries that are still to be told.");
        text.sample("ifaas_outbox", outbox.unsettled(), "state", "unsettled");
        text.sample("ifaas_outbox", outbox.waiting(), "state", "waiting");
        text.head("ifaas_outbox_oldest_seconds", "gauge", "Age of the oldest of them; 0 where there is none.");
        text.sample("ifaas_outbox_oldest_seconds", outbox.oldest());
    }

    private static void builds(List<Count> counts, Text text) {
        text.head("ifaas_builds", "gauge", "Builds of all time by image and state.");
        counts.forEach(
                count -> text.sample("ifaas_builds", count.builds(), "image", count.image(), "state", count.state()));
        text.head("ifaas_build_seconds_total", "counter", "Time from start to end of builds that have ended.");
        counts.forEach(count -> text.sample(
                "ifaas_build_seconds_total", count.seconds(), "image", count.image(), "state", count.state()));
    }

    private static void stages(List<StageCount> counts, Text text) {
        text.head("ifaas_stage_runs_total", "counter", "Runs of stages that have ended, by who was to blame.");
        counts.forEach(count -> text.sample(
                "ifaas_stage_runs_total",
                count.runs(),
                "image",
                count.image(),
                "stage",
                count.stage().slug(),
                "state",
                count.state(),
                "blame",
                count.blame()));
        text.head("ifaas_stage_seconds_total", "counter", "Time of these runs.");
        counts.forEach(count -> text.sample(
                "ifaas_stage_seconds_total",
                count.seconds(),
                "image",
                count.image(),
                "stage",
                count.stage().slug(),
                "state",
                count.state(),
                "blame",
                count.blame()));
    }

    private static void process(Text text) {
        var runtime = Runtime.getRuntime();
        text.head("ifaas_heap_used_bytes", "gauge", "Memory in use by this node's objects.");
        text.sample("ifaas_heap_used_bytes", runtime.totalMemory() - runtime.freeMemory());
        text.head("ifaas_heap_most_bytes", "gauge", "The most that they may use.");
        text.sample("ifaas_heap_most_bytes", runtime.maxMemory());
        text.head("process_start_time_seconds", "gauge", "When this node was started.");
        text.sample(
                "process_start_time_seconds",
                ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
    }

    /** The text form: a head a metric, a line a sample. */
    private static final class Text {
        private final StringBuilder text = new StringBuilder();

        void head(String name, String type, String help) {
            text.append("# HELP ").append(name).append(' ').append(help).append('\n');
            text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        }

        void sample(String name, double value, String... labels) {
            text.append(name);
            for (int i = 0; i < labels.length; i += 2) {
                text.append(i == 0 ? '{' : ',')
                        .append(labels[i])
                        .append("=\"")
                        .append(escaped(labels[i + 1]))
                        .append('"');
            }
            text.append(labels.length > 0 ? "} " : " ").append(number(value)).append('\n');
        }

        private static String escaped(String value) {
            return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        }

        private static String number(double value) {
            return value == Math.rint(value) && Math.abs(value) < 1e15
                    ? Long.toString((long) value)
                    : String.format(Locale.ROOT, "%.3f", value);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
