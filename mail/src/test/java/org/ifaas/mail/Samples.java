package org.ifaas.mail;

import java.time.Instant;
import java.util.List;
import org.ifaas.factory.notify.Event;
import org.ifaas.factory.notify.EventKind;
import org.ifaas.factory.notify.Notice;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.StageName;

public final class Samples {
    public static final BuildId BUILD = new BuildId("b9v8qs38");
    public static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    private Samples() {}

    public static Notice failed(String image, String message, List<String> log) {
        return notice(
                Event.ended(EventKind.FAILED, image, BUILD, 1, AT),
                new Notice.Failure(StageName.TEST_IMAGE, Blame.IMAGE, message, "Add one.", log));
    }

    public static Notice failed() {
        return failed("debian-12", "the image has no kernel", List.of("reading", "no kernel: ä"));
    }

    public static Notice notice(Event event, Notice.Failure failure) {
        return new Notice(
                event,
                List.of("owner@example.org"),
                List.of("team@example.org"),
                "20261122-b9v8qs38",
                "anna",
                null,
                "so it is",
                failure,
                List.of("region-a/1"),
                "https://images.example.org/builds/b9v8qs38",
                List.of("ifaas show b9v8qs38"));
    }
}
