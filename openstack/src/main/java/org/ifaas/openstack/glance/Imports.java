package org.ifaas.openstack.glance;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.client.Service;
import org.ifaas.openstack.glance.Upload.End;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has Glance import an image by a task of its own, and follows that to its end. A task whose Glance died never ends: one that
 * shows no change for long is given up.
 */
final class Imports {
    private static final Duration BETWEEN = Duration.ofSeconds(2);
    private static final Duration UNTIL_BEGUN = Duration.ofSeconds(30);
    private static final String IMPORTING = "os_glance_importing_to_stores";
    private static final String FAILED = "os_glance_failed_import";

    private final Service images;
    private final Duration patience;
    private final Pause pause;
    private final StageLog log;

    /** @param patience how long it may show no change */
    Imports(Service images, Duration patience, Pause pause, StageLog log) {
        this.images = images;
        this.patience = patience;
        this.pause = pause;
        this.log = log;
    }

    /**
     * @param method in Glance's word
     * @param source what Glance's method needs, such as its {@code uri}
     * @param stores that are to have it; empty for Glance's own choice
     * @return its {@code image} is active, and in these stores
     * @throws CloudFailure when Glance refuses, or can't be asked
     */
    End run(String id, String method, @Nullable String source, List<String> stores)
            throws CloudFailure, InterruptedException {
        var asked = JsonMapper.shared().createObjectNode();
        var how = asked.putObject("method").put("name", method);
        if (source != null) {
            how.put("uri", source);
        }
        if (!stores.isEmpty()) {
            var all = asked.put("all_stores_must_succeed", true).putArray("stores");
            stores.forEach(all::add);
        }
        boolean heard = true;
        try {
            images.post(Upload.path(id) + "/import", asked);
        } catch (CloudFailure e) {
            // Its answer got lost, perhaps, and Glance is at it.
            if (!e.uncertain()) {
                throw e;
            }
            log.line("%s", e.getMessage());
            heard = false;
        }
        return followed(id, stores, heard);
    }

    private End followed(String id, List<String> stores, boolean heard) throws CloudFailure, InterruptedException {
        var limit = patience;
        var seen = "";
        var told = "";
        var still = Duration.ZERO;
        while (true) {
            Seen now = null;
            try {
                now = look(id);
            } catch (CloudFailure e) {
                if (!e.uncertain() && e.status() != 503) {
                    throw e;
                }
                log.line("%s", e.getMessage());
            }
            if (now != null) {
                var end = now.end(stores);
                if (end != null) {
                    return end;
                }
                still = now.text().equals(seen) ? still : Duration.ZERO;
                seen = now.text();
                limit = heard || now.begun() ? patience : UNTIL_BEGUN;
                if (!now.progress().isEmpty() && !now.progress().equals(told)) {
                    told = now.progress();
                    log.line("image %s: %s", id, told);
                }
            }
            if (still.compareTo(limit) >= 0) {
                return new End(null, seen + ", without a change for " + still.toSeconds() + " s");
            }
            pause.of(BETWEEN);
            still = still.plus(BETWEEN);
        }
    }

    private Seen look(String id) throws CloudFailure, InterruptedException {
        // Older than Wallaby, a Glance does not tell of tasks. The image is looked at afterwards: it shows what its
        // task did.
        var task = images.find(Upload.path(id) + "/tasks").flatMap(Imports::newest);
        var image = images.find(Upload.path(id));
        return new Seen(image.orElse(null), task.orElse(null));
    }

    private static Optional<JsonNode> newest(JsonNode tasks) {
        return tasks.path("tasks")
                .valueStream()
                .max((one, other) -> one.path("created_at")
                        .asString("")
                        .compareTo(other.path("created_at").asString("")));
    }

    /** The image and its newest task, as they are now. */
    private record Seen(@Nullable JsonNode image, @Nullable JsonNode task) {
        @Nullable
        End end(List<String> wanted) {
            if (image == null) {
                return new End(null, "gone");
            }
            var failed = text(image, FAILED);
            if (isTask("failure")
                    || task == null
                            && !failed.isEmpty()
                            && text(image, IMPORTING).isEmpty()) {
                return new End(
                        null,
                        status() + ", and its import has failed" + (failed.isEmpty() ? "" : " in " + failed)
                                + reason());
            }
            boolean there = List.of(text(image, "stores").split(",")).containsAll(wanted);
            if (status().equals("active") && text(image, IMPORTING).isEmpty() && there) {
                return new End(image, "");
            }
            return null;
        }

        /** In the task's own words, with the request that began it: what the cloud's operator looks for. */
        private String reason() {
            if (task == null) {
                return "";
            }
            var request = text(task, "request_id");
            return ": " + text(task, "message") + (request.isEmpty() ? "" : " (" + request + ")");
        }

        /** A request that got lost leaves the image as it was. */
        boolean begun() {
            return task != null || !status().equals("queued") && !status().equals("uploading");
        }

        String progress() {
            return isTask("processing") && task != null ? text(task, "message") : "";
        }

        String text() {
            return status() + (task == null ? "" : ", task " + text(task, "status") + " " + text(task, "message"));
        }

        private String status() {
            return image == null ? "gone" : text(image, "status");
        }

        private boolean isTask(String status) {
            return task != null && text(task, "status").equals(status);
        }

        private static String text(JsonNode json, String field) {
            return json.path(field).isString() ? json.path(field).asString() : "";
        }
    }
}
