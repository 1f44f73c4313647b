package org.ifaas.openstack.glance;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.client.Service;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sends the bytes to an image that Glance knows of already. After every failure Glance is asked what has become of the image:
 * {@code queued} takes the bytes again; {@code saving} that stays so was abandoned by a Glance that died, and takes nothing any
 * more.
 */
final class Upload {
    private static final int ATTEMPTS = 5;
    private static final int LOOKS = 10;
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    private final Service images;
    private final Where where;
    private final Pause pause;
    private final StageLog log;

    /** What has become of it: {@code image} when it is as it was to be, else why it is of no use any more. */
    record End(@Nullable JsonNode image, String why) {}

    enum Where {
        /** Where they stay: the image is active then. */
        FILE("active"),
        /** Where an import takes them from. A cut leaves what nobody can tell from a whole one. */
        STAGE("uploading");

        private final String arrived;

        Where(String arrived) {
            this.arrived = arrived;
        }
    }

    Upload(Service images, Where where, Pause pause, StageLog log) {
        this.images = images;
        this.where = where;
        this.pause = pause;
        this.log = log;
    }

    /** @throws CloudFailure when sending it again would not help, or has not */
    End run(String id, NewImage image) throws CloudFailure, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            CloudFailure failure = null;
            try {
                images.upload(path(id) + "/" + where.name().toLowerCase(Locale.ROOT), image.file());
            } catch (CloudFailure e) {
                failure = e;
                log.line("%s", e.getMessage());
            }
            var settled = where == Where.STAGE && failure == null ? images.find(path(id)) : settled(id);
            var status = settled.map(json -> json.path("status").asString("")).orElse("gone");
            if (status.equals(where.arrived) && (where == Where.FILE || failure == null)) {
                return new End(settled.orElseThrow(), "");
            }
            if (!status.equals("queued")) {
                return new End(null, status);
            }
            if (failure != null && (!mayPass(failure) || attempt == ATTEMPTS)) {
                throw failure;
            }
            if (attempt == ATTEMPTS) {
                return new End(null, "still queued after " + ATTEMPTS + " uploads");
            }
            log.line("image %s is queued: sending it again", id);
            pause.of(wait(failure, attempt));
        }
    }

    private static Duration wait(@Nullable CloudFailure failure, int attempt) {
        var asked = failure == null ? null : failure.retryAfter();
        return asked == null ? BETWEEN.multipliedBy(attempt) : asked;
    }

    private static boolean mayPass(CloudFailure failure) {
        return failure.uncertain() || failure.status() == 429 || failure.status() == 503 || failure.status() == 409;
    }

    /** A Glance that has been left takes a moment to notice it. */
    private Optional<JsonNode> settled(String id) throws CloudFailure, InterruptedException {
        var image = images.find(path(id));
        for (int look = 1; look < LOOKS && image.filter(Upload::saving).isPresent(); look++) {
            pause.of(BETWEEN);
            image = images.find(path(id));
        }
        return image;
    }

    private static boolean saving(JsonNode image) {
        var status = image.path("status").asString("");
        return status.equals("saving") || status.equals("importing") || status.equals("uploading");
    }

    static String path(String id) {
        return "/v2/images/" + id;
    }
}
