package org.ifaas.factory.notify;

import java.util.List;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageName;
import org.jspecify.annotations.Nullable;

/**
 * An event with all that is told of it. Written down once, so that every try to deliver it tells the same.
 *
 * @param to mail addresses of those whom it concerns; empty when nobody is known
 * @param copyTo mail addresses of those who hear it as well
 * @param serial of the release; null where there is none
 * @param requester who asked for the build, or for the publication
 * @param by who decided; null where nobody did
 * @param reason how it ended or why, in words
 * @param images {@code region/id}, of what is to be published or was
 * @param page address of a page about it; null where the factory has no address that others can reach
 * @param commands what one may type about it
 */
public record Notice(
        Event event,
        List<String> to,
        List<String> copyTo,
        @Nullable String serial,
        @Nullable String requester,
        @Nullable String by,
        @Nullable String reason,
        @Nullable Failure failure,
        List<String> images,
        @Nullable String page,
        List<String> commands) {

    public Notice {
        to = List.copyOf(to);
        copyTo = List.copyOf(copyTo);
        images = List.copyOf(images);
        commands = List.copyOf(commands);
    }

    /**
     * @param blame who has to act
     * @param mend what to do next, one sentence
     * @param lastLines the end of the stage's log
     */
    public record Failure(StageName stage, Blame blame, String message, String mend, List<String> lastLines) {
        public Failure {
            lastLines = List.copyOf(lastLines);
        }
    }

    /** One line that says it all: the subject of a mail. */
    public String title() {
        var image = event.image();
        return switch (event.kind()) {
            case FAILED ->
                image + " failed"
                        + (failure == null ? "" : " in " + failure.stage().title());
            case FIXED -> image + " is good again";
            case WAITING_FOR_APPROVAL -> image + " " + serial + " waits for approval";
            case PUBLISHED -> image + " " + serial + " is published";
            case HOST_KEPT_TOO_LONG -> "A build host of " + image + " is still kept";
            case SCHEDULE_PAUSED -> "The schedule of " + image + " is paused";
        };
    }

    public boolean isAddressed() {
        return !to.isEmpty() || !copyTo.isEmpty();
    }
}
