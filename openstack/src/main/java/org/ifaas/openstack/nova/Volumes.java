package org.ifaas.openstack.nova;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.client.Service;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Volumes that servers boot from, each of its server's name. Nova would make them, too, but without a name: what a crash left of
 * one could not be found.
 */
final class Volumes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String VOLUMES = "/volumes";
    private static final Set<String> BEING_MADE = Set.of("creating", "downloading");
    private static final Duration BETWEEN = Duration.ofSeconds(3);

    private final Service storage;
    private final Duration limit;
    private final Pause pause;
    private final InstantSource clock;

    /** @param limit how long it may take to make one */
    Volumes(Service storage, Duration limit, Pause pause, InstantSource clock) {
        this.storage = storage;
        this.limit = limit;
        this.pause = pause;
        this.clock = clock;
    }

    /**
     * Makes one of an image, and waits until a server may boot from it. What is there of that name was left by a crash, and goes.
     *
     * @param zone of its server: it is in the same where Cinder knows of it
     * @return its id
     */
    String make(String name, String image, int gibibytes, @Nullable String zone, StageLog log)
            throws CloudFailure, StageFailure, InterruptedException {
        remove(name);
        var body = JSON.createObjectNode();
        var volume = body.putObject("volume");
        volume.put("name", name).put("size", gibibytes).put("imageRef", image);
        if (zone != null && zones().contains(zone)) {
            volume.put("availability_zone", zone);
        }
        var id = made(name, body);
        log.line("volume %s (%s) of %d GiB", name, id, gibibytes);
        var status = settled(id);
        if (!status.equals("available")) {
            throw new StageFailure(
                    Blame.CLOUD,
                    "cloud %s: volume %s is %s".formatted(storage.cloud().name(), name, status),
                    "Ask the cloud's operator what its volume service does with image " + image
                            + ", or raise clouds' launch_limit.");
        }
        return id;
    }

    /** Its status when it is made, or the time is over. */
    private String settled(String id) throws CloudFailure, InterruptedException {
        var end = clock.instant().plus(limit);
        while (true) {
            var status = storage.get(VOLUMES + "/" + id).at("/volume/status").asString("");
            if (!BEING_MADE.contains(status) || !clock.instant().isBefore(end)) {
                return status;
            }
            pause.of(BETWEEN);
        }
    }

    private String made(String name, JsonNode body) throws CloudFailure, InterruptedException {
        try {
            return storage.post(VOLUMES, body).at("/volume/id").asString();
        } catch (CloudFailure e) {
            var there = e.uncertain() ? named(name) : List.<JsonNode>of();
            if (there.isEmpty()) {
                throw e;
            }
            return there.getFirst().path("id").asString();
        }
    }

    private List<String> zones() throws CloudFailure, InterruptedException {
        return storage.all("/os-availability-zone", "availabilityZoneInfo").stream()
                .map(zone -> zone.path("zoneName").asString(""))
                .toList();
    }

    /** Names of all volumes. */
    List<String> names() throws CloudFailure, InterruptedException {
        return all("").stream().map(volume -> volume.path("name").asString("")).toList();
    }

    boolean has(String name) throws CloudFailure, InterruptedException {
        return !named(name).isEmpty();
    }

    /** Cinder removes none that is still being made. */
    void remove(String name) throws CloudFailure, InterruptedException {
        for (var volume : named(name)) {
            var id = volume.path("id").asString();
            settled(id);
            storage.delete(VOLUMES + "/" + id);
        }
    }

    private List<JsonNode> named(String name) throws CloudFailure, InterruptedException {
        return all("?name=" + name).stream()
                .filter(volume -> volume.path("name").asString("").equals(name))
                .toList();
    }

    /** But for those that go; none in a cloud without volumes. */
    private List<JsonNode> all(String query) throws CloudFailure, InterruptedException {
        if (!storage.isThere()) {
            return List.of();
        }
        return storage.all(VOLUMES + "/detail" + query, "volumes").stream()
                .filter(volume -> !volume.path("status").asString("").equals("deleting"))
                .toList();
    }
}
