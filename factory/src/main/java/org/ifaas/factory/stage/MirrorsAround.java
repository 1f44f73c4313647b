package org.ifaas.factory.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Mirrors;

/** What the mirrors offer around a build: a retry may come long after stage 1 has asked them. */
record MirrorsAround(Mirrors mirrors) {
    /** As it was when this attempt began to build: a factory that is restarted meanwhile has not forgotten it. */
    List<MirrorState> before(Inputs inputs, StageContext build) throws StageFailure, IOException, InterruptedException {
        var sources = inputs.sources();
        var file = build.folder().resolve("mirrors-" + build.build().attempt());
        if (Files.exists(file)) {
            var lines = Files.readAllLines(file);
            return IntStream.range(0, sources.size())
                    .mapToObj(one -> {
                        var words = lines.get(one).split(" ");
                        return new MirrorState(sources.get(one), words[0], Instant.parse(words[1]));
                    })
                    .toList();
        }
        var before = mirrors.state(sources);
        var unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        Files.writeString(
                unfinished,
                before.stream()
                        .map(mirror -> mirror.releaseDigest() + " " + mirror.date())
                        .collect(Collectors.joining("\n")));
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        return before;
    }

    /** The image is made from what was there before, or after where that is something else, or from both. */
    static List<MirrorState> with(List<MirrorState> after, List<MirrorState> before, StageLog log) {
        var around = new ArrayList<>(before);
        for (var now : after) {
            if (!before.contains(now)) {
                log.line(
                        "warning: the mirror's %s has changed while the image was built, and is now of %s",
                        now.source().suite(), now.date());
                around.add(now);
            }
        }
        return around;
    }
}
