package org.ifaas.factory.chore;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequests;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what this machine, its clouds and the ways from their hosts hold under the factory's own id and no live build owns, after seeing it twice; and
 * kept hosts when their time is over. What can't be removed is tried again each round, and shown until it is gone.
 */
public final class Reaper {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);

    /** The build's id in an image's name. */
    private static final Pattern SERIAL = Pattern.compile(".*_[0-9]{8}-([a-z0-9]{8})(-[a-z0-9]{1,12})?");

    private final Journal journal;
    private final BuildHosts hosts;
    private final Instances instances;
    private final Handovers handovers;
    private final Registries registries;
    private final PublicationRequests requests;
    private final Names names;
    private final InstantSource clock;
    private final Map<String, LeftBehind> left = new ConcurrentHashMap<>();
    private Set<String> seen = new HashSet<>();
    private volatile boolean holdsInClouds;

    public Reaper(
            Journal journal,
            BuildHosts hosts,
            Instances instances,
            Handovers handovers,
            Registries registries,
            PublicationRequests requests,
            Names names,
            InstantSource clock) {
        this.journal = journal;
        this.hosts = hosts;
        this.instances = instances;
        this.handovers = handovers;
        this.registries = registries;
        this.requests = requests;
        this.names = names;
        this.clock = clock;
        this.holdsInClouds = hosts.all().stream().anyMatch(provider -> provider.cloud() != null);
    }

    /** What could not be removed, oldest first. */
    public List<LeftBehind> left() {
        return left.values().stream()
                .sorted(Comparator.comparing(LeftBehind::since).thenComparing(LeftBehind::name))
                .toList();
    }

    /** Whether there were servers of this factory in a cloud at the last look, or nobody has looked yet. */
    public boolean holdsInClouds() {
        return holdsInClouds;
    }

    /** One round; called again and again. */
    public synchronized void round() throws InterruptedException {
        var round = new Round();
        for (var provider : hosts.all()) {
            round.machines(provider.cloud(), provider::list, provider::destroy);
        }
        for (var provider : instances.all()) {
            round.machines(provider.cloud(), provider::list, provider::destroy);
        }
        for (var handover : handovers.all()) {
            round.things("hand-over by " + handover.name(), handover::list, handover::remove);
        }
        for (var registry : registries.all()) {
            round.images(registry);
        }
        seen = round.now;
        holdsInClouds = round.servers;
        left.keySet().removeIf(key -> !round.tried.contains(key));
    }

    private interface Listing {
        List<String> names() throws StageFailure;
    }

    private interface Removal {
        void of(String name) throws StageFailure, InterruptedException;
    }

    private final class Round {
        private final Set<String> now = new HashSet<>();
        private final Set<String> tried = new HashSet<>();
        private boolean servers;

        void machines(@Nullable String cloud, Listing listing, Removal removal) throws InterruptedException {
            var any = things(cloud == null ? "this machine" : "cloud " + cloud, listing, removal);
            servers |= cloud != null && any.orElse(holdsInClouds);
        }

        /** @return whether there is anything; empty when that can't be told */
        Optional<Boolean> things(String where, Listing listing, Removal removal) throws InterruptedException {
            try {
                var names = listing.names();
                for (var name : names) {
                    if (mayGo(where, name)) {
                        remove(where, name, name, removal);
                    }
                }
                return Optional.of(!names.isEmpty());
            } catch (StageFailure e) {
                unreachable(where, e);
                return Optional.empty();
            }
        }

        void images(Registry registry) throws InterruptedException {
            var where = "region " + registry.region();
            try {
                for (var image : registry.own()) {
                    var key = where + " " + image.ref().id();
                    if (isOver(image) && seenTwice(key)) {
                        remove(where, "image " + image.name(), image.ref().id(), registry::delete);
                    }
                }
            } catch (StageFailure e) {
                unreachable(where, e);
            }
        }

        /** What is there can't be told, so that what was left there before still is, as far as is known. */
        private void unreachable(String where, StageFailure e) {
            LOG.warn("{}: nothing can be looked for: {} {}", where, e.getMessage(), e.mend());
            left.keySet().stream().filter(key -> key.startsWith(where + " ")).forEach(tried::add);
        }

        private boolean mayGo(String where, String name) {
            var id = names.buildOf(name);
            if (id.isEmpty()) {
                return false;
            }
            var build = journal.find(id.get());
            if (build.isEmpty()) {
                tellUnknown(where, name, id.get());
                return false;
            }
            if (!build.get().state().ended()) {
                return false;
            }
            var keptUntil = journal.facts(id.get()).find(HostDestroyed.class).map(HostDestroyed::keptUntil);
            if (keptUntil.isPresent()) {
                return keptUntil.get().isBefore(clock.instant());
            }
            return seenTwice(where + " " + name);
        }

        /** Where this factory's journal is not what it was (an older backup, another database), the build may still run there. */
        private void tellUnknown(String where, String name, BuildId build) {
            var key = where + " " + name;
            tried.add(key);
            var stays = new LeftBehind(
                    where,
                    name,
                    clock.instant(),
                    "this factory's journal has never known build " + build,
                    "If nobody else carries that build, destroy it by hand: a build host with 'ifaas hosts destroy "
                            + name + "'.");
            if (left.putIfAbsent(key, stays) == null) {
                LOG.warn("{}: {} stays: {}. {}", where, name, stays.why(), stays.mend());
            }
        }

        private boolean seenTwice(String key) {
            now.add(key);
            return seen.contains(key);
        }

        private void remove(String where, String name, String id, Removal removal) throws InterruptedException {
            var key = where + " " + id;
            try {
                removal.of(id);
                LOG.info("{}: {} removed, no live build owns it", where, name);
            } catch (StageFailure e) {
                var known = left.get(key);
                Instant since = known == null ? clock.instant() : known.since();
                left.put(key, new LeftBehind(where, name, since, e.getMessage(), e.mend()));
                tried.add(key);
                LOG.warn(
                        "{}: {} can't be removed since {} minutes: {} {}",
                        where,
                        name,
                        Duration.between(since, clock.instant()).toMinutes(),
                        e.getMessage(),
                        e.mend());
            }
        }
    }

    /** A private one of a build that has ended badly and asks for no publication, or a half-made one of any build that has ended. */
    private boolean isOver(RegionImage image) {
        var build = buildOf(image);
        return image.visibility().equals("private")
                && build.filter(known -> known.state().ended())
                        .filter(known -> !image.status().equals("active") || !keepsImages(known))
                        .isPresent();
    }

    private boolean keepsImages(Build build) {
        return build.state().keepsImages()
                || requests.find(build.id())
                        .filter(PublicationRequest::keepsImages)
                        .isPresent();
    }

    private Optional<Build> buildOf(RegionImage image) {
        var matcher = SERIAL.matcher(image.name());
        try {
            return matcher.matches() ? journal.find(new BuildId(matcher.group(1))) : Optional.empty();
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }
}
