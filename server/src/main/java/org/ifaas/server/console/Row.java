package org.ifaas.server.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.ifaas.factory.fact.HostConnected;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Parameters;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** A name and a value, of what is known about a build. */
public record Row(String name, String value) {
    private static final ObjectWriter JSON = JsonMapper.shared().writerWithDefaultPrettyPrinter();

    /** What matters most of a build. */
    static List<Row> summary(Build build, Facts facts) {
        var rows = new ArrayList<Row>();
        rows.add(new Row("Asked for by", build.requester()));
        rows.add(new Row("Asked for", Amounts.exactTime(build.requested())));
        if (build.started() != null) {
            rows.add(new Row("Started", Amounts.exactTime(build.started())));
        }
        if (build.ended() != null) {
            rows.add(new Row("Ended", Amounts.exactTime(build.ended())));
        }
        facts.find(Inputs.class).ifPresent(inputs -> {
            rows.add(new Row("Serial", inputs.serial()));
            rows.add(new Row(
                    "Commit",
                    inputs.source().commit() + " in " + inputs.source().repository()));
            rows.add(new Row("Author", inputs.source().author()));
            if (inputs.hostKind() != null) {
                rows.add(new Row("Build host", inputs.hostKind() + ": " + inputs.hostReason()));
            }
        });
        facts.find(HostSpawned.class)
                .ifPresent(spawned -> rows.add(new Row(
                        "Host", spawned.host().name() + ", " + spawned.host().detail())));
        facts.find(HostConnected.class)
                .ifPresent(host -> rows.add(
                        new Row("Runs", host.os() + ", " + host.cpus() + " CPUs, " + host.memoryMiB() + " MiB")));
        facts.find(HostDestroyed.class)
                .map(HostDestroyed::keptUntil)
                .ifPresent(until -> rows.add(new Row("Host kept until", Amounts.exactTime(until))));
        facts.find(ImageBuilt.class).ifPresent(built -> {
            rows.add(new Row(
                    "Image",
                    Amounts.bytes(built.measured().size()) + ", disk of " + Amounts.bytes(built.virtualBytes()) + ", "
                            + built.packages() + " packages"));
            rows.add(new Row("SHA-256", built.measured().digests().sha256()));
        });
        facts.find(ReleaseSealed.class).ifPresent(seal -> rows.add(new Row("Signed by", seal.keyFingerprint())));
        return rows;
    }

    static List<Row> parameters(Parameters parameters) {
        var rows = new ArrayList<Row>();
        rows.add(new Row("Image", parameters.image()));
        rows.add(new Row("Kind", parameters.kind().word()));
        if (parameters.imageId() != null) {
            rows.add(new Row("Image under test", parameters.imageId()));
        }
        if (parameters.file() != null) {
            rows.add(new Row("File under test", parameters.file()));
        }
        if (parameters.release() != null) {
            rows.add(new Row("Release of build", parameters.release()));
        }
        rows.add(new Row("Ref", Objects.requireNonNullElse(parameters.ref(), "the repository's own")));
        rows.add(new Row(
                "Regions",
                parameters.regions().isEmpty() ? "those of the definition" : String.join(", ", parameters.regions())));
        rows.add(new Row("Host", parameters.host().name().toLowerCase(Locale.ROOT)));
        rows.add(new Row(
                "Keep the host", parameters.keepHost() == null ? "no" : Amounts.roughly(parameters.keepHost())));
        rows.add(new Row("Run tests", yes(parameters.runTests())));
        rows.add(new Row("Force", yes(parameters.force())));
        rows.add(new Row("Ask for publication", yes(parameters.requestPublication())));
        if (!parameters.copyTo().isEmpty()) {
            rows.add(new Row("Mail to", String.join(", ", parameters.copyTo())));
        }
        if (parameters.serialSuffix() != null) {
            rows.add(new Row("Serial suffix", parameters.serialSuffix()));
        }
        return rows;
    }

    private static String yes(boolean value) {
        return value ? "yes" : "no";
    }

    /** All of them, as they are kept. */
    static List<Row> facts(Facts facts) {
        return facts.all().stream()
                .map(fact -> new Row(fact.getClass().getSimpleName(), JSON.writeValueAsString(fact)))
                .toList();
    }
}
