package org.ifaas.openstack.glance;

import static java.util.Objects.requireNonNull;

import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.GlanceFields;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.text.Visible;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Look;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.client.Service;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A region whose images are in Glance. Their ids are chosen here, and are the same for the same factory, name and content:
 * what a crash came in between of is found again. Glance never takes an id twice, so that each try has the next one.
 */
public final class GlanceRegion implements Registry {
    private static final Pattern IMAGE_NAME = Pattern.compile("\\P{Cntrl}{1,255}");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Set<String> VISIBILITIES = Set.of("private", "public", "community", "shared");
    private static final String PATCH = "application/openstack-images-v2.1-json-patch";
    private static final int MOST_IDS = 1000;
    private static final int MOST_HALF_MADE = 3;

    private final String region;
    private final Service images;
    private final String factoryId;
    private final GlancePolicy policy;
    private final Pause pause;
    private final ConcurrentHashMap<String, ReentrantLock> names = new ConcurrentHashMap<>();

    /**
     * @param region its name in the factory
     * @param images Glance there
     */
    public GlanceRegion(String region, Service images, String factoryId, GlancePolicy policy, Pause pause) {
        this.region = region;
        this.images = images;
        this.factoryId = factoryId;
        this.policy = policy;
        this.pause = pause;
    }

    @Override
    public String region() {
        return region;
    }

    @Override
    public String cloud() {
        return images.cloud().name();
    }

    @Override
    public DiskFormat diskFormat() {
        return policy.diskFormat();
    }

    @Override
    public Availability availability() {
        return Look.of(() -> {
            images.get("/v2/images?limit=1");
            return new Offers(images, policy)
                    .missing()
                    .orElse(new Availability(
                            true, "Glance of cloud " + images.cloud().name() + " answers", ""));
        });
    }

    @Override
    public RegionImage register(NewImage image, StageLog log) throws StageFailure, InterruptedException {
        check(image);
        var lock = names.computeIfAbsent(image.name(), _ -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            return registered(image, log);
        } catch (CloudFailure e) {
            throw e.because("region " + region + " can't register " + image.name());
        } finally {
            lock.unlock();
        }
    }

    private RegionImage registered(NewImage image, StageLog log)
            throws CloudFailure, StageFailure, InterruptedException {
        int halfMade = 0;
        for (int number = 1; number <= MOST_IDS; number++) {
            var id = id(image, number);
            var known = images.find(Upload.path(id));
            if (known.isPresent()) {
                var found = GlanceJson.image(region, known.get());
                if (found.status().equals("active")) {
                    log.line("%s: %s is registered already as %s", region, image.name(), id);
                    return inItsStores(compared(found, image), known.get(), log);
                }
                log.line("%s: removing %s, which is %s: half made", region, id, found.status());
                images.delete(Upload.path(id));
                continue;
            }
            if (!created(id, image)) {
                continue;
            }
            log.line(
                    "%s: %d bytes to image %s, %s",
                    region, image.measured().size(), id, policy.method().word());
            var end = sent(id, image, log);
            var active = end.image();
            if (active != null) {
                return inItsStores(compared(GlanceJson.image(region, active), image), active, log);
            }
            log.line("%s: image %s is %s: removing it, and beginning again with another id", region, id, end.why());
            images.delete(Upload.path(id));
            if (++halfMade == MOST_HALF_MADE) {
                throw new StageFailure(
                        Blame.CLOUD,
                        "region %s: %d uploads of %s ended %s".formatted(region, halfMade, image.name(), end.why()),
                        "Look at Glance's log there, then retry.");
            }
        }
        throw new StageFailure(
                Blame.CLOUD,
                "region %s: all %d ids of %s have been used".formatted(region, MOST_IDS, image.name()),
                "Build again.");
    }

    private Upload.End sent(String id, NewImage image, StageLog log) throws CloudFailure, InterruptedException {
        try {
            return switch (policy.method()) {
                case DIRECT -> new Upload(toItsStore(), Upload.Where.FILE, pause, log).run(id, image);
                case GLANCE_DIRECT -> {
                    var staged = new Upload(images, Upload.Where.STAGE, pause, log).run(id, image);
                    yield staged.image() == null ? staged : imported(id, null, log);
                }
                case WEB_DOWNLOAD ->
                    imported(
                            id, requireNonNull(policy.served()).of(image.file()).toString(), log);
            };
        } catch (CloudFailure e) {
            removeQuietly(id, log);
            throw e;
        }
    }

    private Service toItsStore() {
        return policy.stores().isEmpty()
                ? images
                : images.with("X-Image-Meta-Store", policy.stores().getFirst());
    }

    private Upload.End imported(String id, @Nullable String source, StageLog log)
            throws CloudFailure, InterruptedException {
        return new Imports(images, policy.patience(), pause, log)
                .run(id, policy.method().word(), source, policy.stores());
    }

    /** What was sent is in the first of them only, and a crash may have come before the others had it. */
    private RegionImage inItsStores(RegionImage image, JsonNode json, StageLog log)
            throws CloudFailure, StageFailure, InterruptedException {
        var missing = new ArrayList<>(policy.stores());
        missing.removeAll(List.of(json.path("stores").asString("").split(",")));
        if (missing.isEmpty()) {
            return image;
        }
        var names = String.join(", ", missing);
        log.line("%s: copying image %s to %s", region, image.ref().id(), names);
        var end = new Imports(images, policy.patience(), pause, log)
                .run(image.ref().id(), "copy-image", null, missing);
        if (end.image() == null) {
            throw new StageFailure(
                    Blame.CLOUD,
                    "region %s: image %s is not in %s: it is %s"
                            .formatted(region, image.ref().id(), names, end.why()),
                    "Look at Glance's log there, then retry: what is there stays.");
        }
        return image;
    }

    private void removeQuietly(String id, StageLog log) throws InterruptedException {
        try {
            images.delete(Upload.path(id));
        } catch (CloudFailure e) {
            log.line("image %s stays half made until the next try or the clean-up: %s", id, e.getMessage());
        }
    }

    /** @return false when that id was used before */
    private boolean created(String id, NewImage image) throws CloudFailure, InterruptedException {
        var asked = GlanceJson.asked(id, image, policy.diskFormat(), tag());
        for (int attempt = 1; ; attempt++) {
            try {
                images.post("/v2/images", asked);
                return true;
            } catch (CloudFailure e) {
                boolean taken = e.status() == 409;
                if (!taken && (!e.uncertain() || attempt == 3)) {
                    throw e;
                }
                // It was not there before: what is there came of this very request, which somebody has sent twice.
                if (images.find(Upload.path(id)).isPresent()) {
                    return true;
                }
                if (taken) {
                    return false;
                }
                pause.of(Duration.ofSeconds(attempt));
            }
        }
    }

    private RegionImage compared(RegionImage stored, NewImage image) throws StageFailure, InterruptedException {
        var digests = image.measured().digests();
        var expected = switch (stored.hashAlgorithm()) {
            case "sha512" -> digests.sha512();
            case "sha256" -> digests.sha256();
            case "md5" -> digests.md5();
            default -> throw incomparable(stored);
        };
        if (expected.equalsIgnoreCase(stored.hashValue())
                && stored.size() == image.measured().size()) {
            return stored;
        }
        removeQuietly(stored.ref().id(), _ -> {});
        throw new StageFailure(
                Blame.CLOUD,
                "region %s stores %d bytes with %s %s of %s instead of %d with %s"
                        .formatted(
                                region,
                                stored.size(),
                                stored.hashAlgorithm(),
                                stored.hashValue(),
                                image.name(),
                                image.measured().size(),
                                expected),
                "Look for what changes images on their way there: a proxy, an import plugin, a store that converts.");
    }

    /** Nothing is known against it, so that it stays. */
    private StageFailure incomparable(RegionImage stored) {
        return new StageFailure(
                Blame.CLOUD,
                "region %s: Glance names the %s of image %s, and the factory compares sha512, sha256 and md5 alone"
                        .formatted(
                                region,
                                Visible.line(stored.hashAlgorithm(), 20),
                                stored.ref().id()),
                "Have hashing_algorithm in glance-api.conf set to sha512, Glance's default, delete that image and retry.");
    }

    private String id(NewImage image, int number) {
        var text = String.join(
                "\n",
                factoryId,
                region,
                image.name(),
                image.measured().digests().sha512(),
                Integer.toString(number));
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Tells this factory's images from others'. */
    private String tag() {
        return "ifaas-" + factoryId;
    }

    private static void check(NewImage image) throws StageFailure {
        if (!IMAGE_NAME.matcher(image.name()).matches()) {
            throw new StageFailure(
                    Blame.IMAGE, "an image can't have that name", "Use one line of at most 255 characters.");
        }
        for (var property : image.properties().entrySet()) {
            var name = property.getKey();
            if (GlanceJson.isField(name) || name.toLowerCase(Locale.ROOT).startsWith("os_glance")) {
                throw new StageFailure(
                        Blame.IMAGE,
                        "the property " + name + " belongs to Glance",
                        "Remove it from the properties in image.yaml.");
            }
            if (GlanceFields.LIMITS.contains(name) && !property.getValue().matches("[0-9]{1,9}")) {
                throw new StageFailure(
                        Blame.IMAGE,
                        "the property " + name + " is “" + property.getValue() + "”, which is no number",
                        "Correct the sizes in image.yaml.");
            }
        }
    }

    @Override
    public Optional<RegionImage> find(String id) throws StageFailure {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        return asked("read image " + id, () -> images.find(Upload.path(id)))
                .map(json -> GlanceJson.image(region, json));
    }

    @Override
    public List<RegionImage> named(String name) throws StageFailure {
        return named(name, "");
    }

    @Override
    public List<RegionImage> ownNamed(String name) throws StageFailure {
        return named(name, "&tag=" + tag());
    }

    private List<RegionImage> named(String name, String more) throws StageFailure {
        var query = "name=" + URLEncoder.encode(name, StandardCharsets.UTF_8) + more;
        return listed(query).stream().filter(image -> image.name().equals(name)).toList();
    }

    @Override
    public List<RegionImage> list() throws StageFailure {
        return listed("owner=" + asked("read the project", () -> images.cloud().projectId()));
    }

    @Override
    public List<RegionImage> visible() throws StageFailure {
        return listed("visibility=public").stream()
                .filter(image -> !image.hidden())
                .toList();
    }

    @Override
    public List<RegionImage> own() throws StageFailure {
        return listed("tag=" + tag());
    }

    /** Glance leaves hidden ones out unless they are asked for, and then the others. */
    private List<RegionImage> listed(String query) throws StageFailure {
        var all = new ArrayList<RegionImage>();
        for (var hidden : List.of("false", "true")) {
            asked(
                            "list its images",
                            () -> images.all("/v2/images?limit=200&os_hidden=" + hidden + "&" + query, "images"))
                    .forEach(json -> all.add(GlanceJson.image(region, json)));
        }
        all.sort(Comparator.comparing(RegionImage::created)
                .reversed()
                .thenComparing(image -> image.ref().id()));
        return List.copyOf(all);
    }

    @Override
    public Optional<Path> file(String id) {
        return Optional.empty();
    }

    @Override
    public void read(String id, OutputStream to) throws StageFailure {
        if (!ID.matcher(id).matches()) {
            throw noSuchImage(id);
        }
        asked("read the bytes of image " + id, () -> {
            images.download(Upload.path(id) + "/file", to);
            return id;
        });
    }

    private StageFailure noSuchImage(String id) {
        return new StageFailure(
                Blame.CLOUD,
                "region " + region + " has no image “" + Visible.line(id, 80) + "”",
                "Somebody has removed it: build again.");
    }

    @Override
    public void update(String id, String name, String visibility, boolean hidden) throws StageFailure {
        if (!IMAGE_NAME.matcher(name).matches() || !VISIBILITIES.contains(visibility)) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "an image can't be named “" + Visible.line(name, 80) + "” or be " + Visible.line(visibility, 20),
                    "Use one line of text, and private or public.");
        }
        if (!ID.matcher(id).matches()) {
            throw noSuchImage(id);
        }
        var changes = JsonMapper.shared().createArrayNode();
        changes.addObject().put("op", "replace").put("path", "/name").put("value", name);
        changes.addObject().put("op", "replace").put("path", "/visibility").put("value", visibility);
        changes.addObject().put("op", "replace").put("path", "/os_hidden").put("value", hidden);
        if (find(id).filter(image -> is(image, name, visibility, hidden)).isPresent()) {
            return; // whoever may publish has done it
        }
        asked("change image " + id, () -> {
            try {
                return images.patch(Upload.path(id), PATCH, changes);
            } catch (CloudFailure e) {
                if (e.status() == 403 && visibility.equals("public")) {
                    throw notOurs(id, name, e);
                }
                throw e;
            }
        });
    }

    private static boolean is(RegionImage image, String name, String visibility, boolean hidden) {
        return image.name().equals(name) && image.visibility().equals(visibility) && image.hidden() == hidden;
    }

    private StageFailure notOurs(String id, String name, CloudFailure e) {
        return new StageFailure(
                Blame.CLOUD,
                "region " + region + " does not let this credential publish: " + e.getMessage(),
                "The factory's should not; its publisher's needs the right to publicize_image. By hand: openstack image set --name %s --public %s"
                                .formatted(name, id)
                        + ".",
                e);
    }

    @Override
    public void delete(String id) throws StageFailure {
        if (ID.matcher(id).matches()) {
            asked("delete image " + id, () -> images.delete(Upload.path(id)));
        }
    }

    private interface Question<T> {
        T ask() throws CloudFailure, StageFailure, InterruptedException;
    }

    private <T> T asked(String what, Question<T> question) throws StageFailure {
        try {
            return question.ask();
        } catch (CloudFailure e) {
            throw e.because("region " + region + " can't " + what);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StageFailure(
                    Blame.CLOUD, "region " + region + " could not " + what + ": it was interrupted", "Retry.", e);
        }
    }
}
