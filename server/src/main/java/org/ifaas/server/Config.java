package org.ifaas.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.publish.PublicationPolicy;
import org.ifaas.factory.schedule.Declared;
import org.ifaas.factory.schedule.SchedulePolicy;
import org.ifaas.factory.schedule.Timing;
import org.ifaas.server.api.InquiryPolicy;
import org.ifaas.server.console.SettingView;
import org.ifaas.server.login.LdapPolicy;
import org.ifaas.server.login.LoginPolicy;
import org.ifaas.server.login.TokenPolicy;
import org.ifaas.sources.CronRules;
import org.ifaas.sources.GitAccess;
import org.ifaas.sources.GitRepository;
import org.ifaas.sources.GitServers;
import org.jspecify.annotations.Nullable;

/**
 * All configuration, validated whole at start. Every setting has a default; {@code docs/operate/configuration.md} lists them.
 *
 * @param home where the factory keeps everything of its own
 * @param shared what all nodes of the factory have in common; the home where there is one node
 * @param product the folder of the product itself, with the image definitions that ship with it
 * @param databaseUrl null for the embedded PostgreSQL
 * @param listen the address of this machine at which the REST interface and the console listen
 * @param port of the REST interface and the console; 0 for any
 * @param approvalKey signs what is approved; another key than the one that signs releases
 * @param parallelBuilds how many builds run at once; more wait
 * @param repositories empty for the definitions that ship with the product
 * @param policies how much may be spent on what, and how patient the factory is
 * @param handover how what is built comes from its hosts
 * @param packageCache whether trusted container hosts share a cache of packages
 * @param idleAfter how long a factory that was started for one command stays without work
 * @param imagesToTest where the files lie that may be tested
 * @param answersKept for how long a request with a key of its sender's may be sent again
 * @param inquiries what regions and clouds are asked for pages, lists and metrics
 * @param mostEvidenceBytes the most that one file of evidence may have
 * @param notification who is told of what happens, and how
 * @param schedules of the operator's; they win over those of the definitions
 * @param scheduleRound how often the factory looks whether a scheduled build is due
 * @param retentionEvery how often the factory removes what is over its time
 * @param gitPoll how often the repositories are asked what is new
 * @param gitHookSecret file whose first line git servers know; null where they tell nothing
 * @param user who the holder of the factory's own token is
 * @param tokens those of programs
 * @param effective every setting as it is, without secrets
 * @param searchPath where programs are looked for
 */
record Config(
        Path home,
        Path shared,
        Path product,
        @Nullable String databaseUrl,
        InetAddress listen,
        int port,
        int parallelBuilds,
        Duration idleAfter,
        Duration reaperEvery,
        Duration retentionEvery,
        List<GitRepository> repositories,
        List<Region> regions,
        List<CloudConfig> clouds,
        Policies policies,
        HandoverConfig handover,
        boolean packageCache,
        SigningKey signingKey,
        SigningKey approvalKey,
        PublicationPolicy publication,
        Path store,
        Path imagesToTest,
        long mostEvidenceBytes,
        Duration answersKept,
        InquiryPolicy inquiries,
        Notification notification,
        List<Declared> schedules,
        SchedulePolicy schedulePolicy,
        Duration scheduleRound,
        Duration gitPoll,
        @Nullable Path gitHookSecret,
        String user,
        Console console,
        TokenPolicy tokens,
        List<SettingView> effective,
        String searchPath) {
    static final String DISK_FORMAT = "disk_format";
    static final String PUBLISHED_BY = "published_by";
    static final String FACTORY = "factory";
    static final String PUBLISHER = "publisher";

    /**
     * A region that is a directory.
     *
     * @param diskFormat what its images are stored in
     * @param own whether the factory publishes there itself
     */
    record Region(String name, Path directory, DiskFormat diskFormat, boolean own) {}

    /**
     * @param userId of the key that is made on first use
     * @param file an armored secret key to use instead; null for one of the factory's own
     * @param passphraseFile null when the key has none
     * @param gpg fingerprint of a key that only {@code gpg} can reach, on a smartcard or held by an agent, to use instead
     * @param gpgHome GnuPG's home folder; null for that of the factory's account
     * @param expiryMargin a key that expires within this time is refused
     */
    record SigningKey(
            String userId,
            @Nullable Path file,
            @Nullable Path passphraseFile,
            @Nullable String gpg,
            @Nullable Path gpgHome,
            Duration lifetime,
            Duration expiryMargin) {}

    /**
     * @param ldap where people are looked up who may sign in; null for the local administrator alone
     * @param address under which a proxy offers the console; null when it is used on this machine only
     * @param metricsToken with which a program may ask for the metrics; null for none
     */
    record Console(
            @Nullable URI address,
            LoginPolicy login,
            @Nullable LdapPolicy ldap,
            @Nullable String metricsToken) {
        /** Without the token. */
        @Override
        public String toString() {
            return "Console[address=" + address + ", login=" + login + "]";
        }
    }

    /** The process's own. */
    static Map<String, String> environment() {
        return System.getenv();
    }

    /** What the command line gives. */
    record Arguments(
            Path home,
            Path product,
            @Nullable Path file,
            @Nullable String databaseUrl,
            int port) {}

    /** @throws Invalid with all errors at once */
    static Config read(Arguments arguments) throws Invalid, IOException {
        var file = arguments.file() == null ? arguments.home().resolve("ifaas.yaml") : arguments.file();
        if (arguments.file() != null && !Files.isRegularFile(file)) {
            throw new Invalid(file, List.of("there is no such file: name an existing one with --config"));
        }
        var settings = new Settings(Files.isRegularFile(file) ? Files.readString(file) : "");
        var config = read(arguments, settings);
        var errors = settings.errors();
        if (!errors.isEmpty()) {
            throw new Invalid(file, errors);
        }
        return config;
    }

    static Config read(Arguments arguments, Settings settings) {
        var home = arguments.home();
        var configured = settings.textOrNull("database.url");
        var database = arguments.databaseUrl() != null ? arguments.databaseUrl() : configured;
        var shared = shared(home, database, settings);
        var policies = Policies.read(settings);
        var console = console(settings);
        var store = Path.of(
                        settings.text("store.directory", shared.resolve("store").toString()))
                .toAbsolutePath()
                .normalize();
        var clouds = CloudConfig.read(settings, System.getenv(), Path.of("").toAbsolutePath(), store);
        return new Config(
                home,
                shared,
                arguments.product(),
                database,
                listen(settings, console.address()),
                arguments.port() > 0 ? arguments.port() : settings.number("port", 0, 0, 65535),
                settings.number("builds.parallel", 2, 1, 10_000),
                settings.duration("idle_exit_after", Duration.ofSeconds(30)),
                settings.duration("reaper.every", Duration.ofMinutes(1)),
                settings.duration("retention.every", Duration.ofHours(1)),
                repositories(settings, policies.git().servers()),
                regions(shared, settings),
                clouds,
                policies,
                HandoverConfig.read(settings, clouds),
                settings.flag("hosts.package_cache", true),
                signingKey("signing_key", "Image Factory <image-factory@localhost>", settings),
                signingKey("approval_key", "Image Factory approvals <image-factory@localhost>", settings),
                publication(settings),
                store,
                Path.of(settings.text("tests.folder", shared.resolve("to-test").toString()))
                        .toAbsolutePath(),
                settings.size("certification.evidence", 1 << 20, 1 << 10, 1 << 30),
                settings.duration("api.answers_kept", Duration.ofDays(1)),
                new InquiryPolicy(
                        settings.duration(
                                "inquiries.patience", InquiryPolicy.defaults().patience()),
                        settings.duration(
                                "inquiries.kept", InquiryPolicy.defaults().kept())),
                Notification.read(settings),
                schedules(settings),
                new SchedulePolicy(
                        settings.number(
                                "schedule.failures", SchedulePolicy.defaults().failures(), 1, 100),
                        SchedulePolicy.defaults().ahead()),
                settings.duration("schedule.every", Duration.ofSeconds(10)),
                settings.duration("git.poll", Duration.ofMinutes(1)),
                Settings.path(settings.textOrNull("git.hook_secret_file")),
                settings.text("user", System.getProperty("user.name", "admin")),
                console,
                tokens(settings),
                settings.effective(),
                System.getenv().getOrDefault("PATH", ""));
    }

    private static Path shared(Path home, @Nullable String database, Settings settings) {
        var folder = settings.textOrNull("shared");
        if (folder != null && database == null) {
            settings.error(
                    "shared", folder, "of use without database.url: nodes of one factory have a database in common");
        }
        return folder == null ? home : Path.of(folder).toAbsolutePath();
    }

    private static InetAddress listen(Settings settings, @Nullable URI console) {
        var address = settings.text("listen", "127.0.0.1");
        try {
            var listen = InetAddress.ofLiteral(address);
            if (!listen.isLoopbackAddress()
                    && (console == null || !console.getScheme().equals("https"))) {
                settings.error(
                        "listen",
                        address,
                        "loopback, and what is said here is not encrypted: put a proxy with TLS in front, and say its https address as console.url");
            }
            return listen;
        } catch (IllegalArgumentException e) {
            settings.error("listen", address, "an address of this machine, such as 127.0.0.1, 0.0.0.0 or '::'");
            return InetAddress.getLoopbackAddress();
        }
    }

    private static PublicationPolicy publication(Settings settings) {
        var defaults = PublicationPolicy.defaults();
        return new PublicationPolicy(
                settings.flag("publication.four_eyes", defaults.fourEyes()),
                byPolicy(settings),
                settings.duration("publication.approval_valid", defaults.approvalValid()),
                settings.duration("publication.retry", defaults.retry()));
    }

    private static ImagePatterns byPolicy(Settings settings) {
        var images = settings.texts("publication.by_policy");
        for (var image : images) {
            if (!ImagePatterns.isGlob(image)) {
                settings.error("publication.by_policy", image, "a pattern for names of images, such as debian-*");
            }
        }
        return ImagePatterns.of(images.stream().filter(ImagePatterns::isGlob).toList());
    }

    private static Console console(Settings settings) {
        var defaults = LoginPolicy.defaults();
        return new Console(
                settings.address("console.url"),
                new LoginPolicy(
                        settings.duration("console.session_idle", defaults.idle()),
                        settings.duration("console.session_longest", defaults.longest()),
                        settings.number("console.login_attempts", defaults.attempts(), 1, 1000),
                        settings.duration("console.login_window", defaults.window()),
                        settings.number("console.password_rounds", defaults.passwordRounds(), 1000, 10_000_000)),
                Ldap.read(settings),
                metricsToken(settings));
    }

    private static TokenPolicy tokens(Settings settings) {
        var defaults = TokenPolicy.defaults();
        var lifetime = settings.duration("tokens.lifetime", defaults.lifetime());
        var longest = settings.duration("tokens.longest", defaults.longest());
        if (lifetime.compareTo(longest) > 0) {
            settings.error("tokens.lifetime", lifetime, "at most tokens.longest, " + longest);
        }
        return new TokenPolicy(lifetime, longest);
    }

    private static @Nullable String metricsToken(Settings settings) {
        var file = settings.textOrNull("metrics.token_file");
        if (file == null) {
            return null;
        }
        try {
            var token = Files.readString(Path.of(file)).strip();
            if (token.length() >= 16) {
                return token;
            }
        } catch (IOException | InvalidPathException e) {
            // Told below, like a token that is too short.
        }
        settings.error(
                "metrics.token_file", file, "a file that can be read and holds a token of 16 characters or more");
        return null;
    }

    private static List<GitRepository> repositories(Settings settings, GitServers servers) {
        var entries = settings.entries(
                "repositories",
                Set.of("name", "url", "path", "ref", "trusted", "key_file", "token_file", "token_user"));
        var repositories = new ArrayList<GitRepository>();
        for (var entry : entries) {
            try {
                var repository = new GitRepository(
                        entry.getOrDefault("name", ""),
                        entry.getOrDefault("url", ""),
                        entry.getOrDefault("path", ""),
                        entry.get("ref"),
                        "true".equals(entry.get("trusted")),
                        new GitAccess(
                                Settings.path(entry.get("key_file")),
                                Settings.path(entry.get("token_file")),
                                entry.getOrDefault("token_user", GitAccess.OPEN.tokenUser())));
                servers.admit(repository);
                repositories.add(repository);
            } catch (IllegalArgumentException e) {
                settings.error("repositories", entry, "a repository: " + e.getMessage());
            }
        }
        return repositories;
    }

    private static List<Declared> schedules(Settings settings) {
        var schedules = new ArrayList<Declared>();
        for (var entry : settings.entries("schedules", Set.of("image", "cron", "zone", "jitter"))) {
            var image = entry.getOrDefault("image", "");
            var cron = entry.getOrDefault("cron", "");
            var zone = entry.getOrDefault("zone", "UTC");
            var wrong = CronRules.wrong(cron);
            if (!image.matches("([a-z0-9][a-z0-9-]{0,30}:)?[a-z0-9][a-z0-9.-]{0,62}")) {
                settings.error("schedules", entry, "a schedule: its image is a name as 'ifaas images' lists them");
            } else if (wrong != null) {
                settings.error("schedules", entry, "a schedule: its cron " + wrong);
            } else if (!CronRules.isZone(zone)) {
                settings.error("schedules", entry, "a schedule: its zone is one such as Europe/Berlin");
            } else if (schedules.stream().anyMatch(other -> other.image().equals(image))) {
                settings.error("schedules", entry, "the only one of its image: remove one");
            } else {
                schedules.add(new Declared(
                        image, new Timing(cron, ZoneId.of(zone), jitter(settings, entry)), Declared.CONFIGURATION));
            }
        }
        return schedules;
    }

    private static Duration jitter(Settings settings, Map<String, String> entry) {
        try {
            return Settings.duration(entry.getOrDefault("jitter", "0s"));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            settings.error("schedules", entry, "a schedule: its jitter is a duration such as 30m");
            return Duration.ZERO;
        }
    }

    private static List<Region> regions(Path shared, Settings settings) {
        var entries = settings.entries("regions", Set.of("name", "directory", DISK_FORMAT, PUBLISHED_BY));
        if (entries.isEmpty()) {
            return List.of(
                    new Region("region-a", shared.resolve("regions/region-a"), DiskFormat.QCOW2, true),
                    new Region("region-b", shared.resolve("regions/region-b"), DiskFormat.QCOW2, true));
        }
        var regions = new ArrayList<Region>();
        for (var entry : entries) {
            var name = entry.getOrDefault("name", "");
            var directory = entry.get("directory");
            if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}") || directory == null) {
                settings.error("regions", entry, "a region with a name of letters, digits, hyphens and a directory");
            } else {
                var where = "regions " + name;
                regions.add(new Region(
                        name,
                        Path.of(directory).toAbsolutePath(),
                        diskFormat(where, entry.get(DISK_FORMAT), settings),
                        own(where, entry, FACTORY, settings)));
            }
        }
        return regions;
    }

    /** @param word null for what builds make */
    static DiskFormat diskFormat(String where, @Nullable String word, Settings settings) {
        if (word != null && DiskFormat.of(word).isEmpty()) {
            var known = Arrays.stream(DiskFormat.values()).map(DiskFormat::word).collect(Collectors.joining(" or "));
            settings.error(where + ": " + DISK_FORMAT, word, known);
        }
        return word == null ? DiskFormat.QCOW2 : DiskFormat.of(word).orElse(DiskFormat.QCOW2);
    }

    /** Whether the factory publishes there itself. */
    static boolean own(String where, Map<String, String> entry, String ifMissing, Settings settings) {
        var by = entry.getOrDefault(PUBLISHED_BY, ifMissing);
        if (!by.equals(FACTORY) && !by.equals(PUBLISHER)) {
            settings.error(where + ": " + PUBLISHED_BY, by, FACTORY + " or " + PUBLISHER);
        }
        return by.equals(FACTORY);
    }

    /** The names of the regions where the factory publishes itself. */
    Set<String> ownRegions() {
        var own = new TreeSet<String>();
        regions.stream().filter(Region::own).map(Region::name).forEach(own::add);
        for (var cloud : clouds) {
            if (cloud.own()) {
                cloud.regions().forEach(region -> own.add(cloud.region(region)));
            }
        }
        return own;
    }

    private static SigningKey signingKey(String key, String userId, Settings settings) {
        var file = settings.textOrNull(key + ".file");
        var passphraseFile = settings.textOrNull(key + ".passphrase_file");
        var gpg = settings.textOrNull(key + ".gpg");
        var gpgHome = settings.textOrNull(key + ".gpg_home");
        if (gpg != null && !gpg.replace(" ", "").matches("[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")) {
            settings.error(key + ".gpg", gpg, "a fingerprint of 40 or 64 hexadecimal digits, in quotes");
        }
        if (gpg != null && file != null) {
            settings.error(key + ".gpg", gpg, "needed together with " + key + ".file: leave one of them out");
        }
        return new SigningKey(
                settings.text(key + ".user_id", userId),
                file == null ? null : Path.of(file),
                passphraseFile == null ? null : Path.of(passphraseFile),
                gpg,
                gpgHome == null ? null : Path.of(gpgHome).toAbsolutePath(),
                settings.duration(key + ".lifetime", Duration.ofDays(730)),
                settings.duration(key + ".expiry_margin", Duration.ofDays(14)));
    }

    /** The configuration has errors. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid(Path file, List<String> errors) {
            super("the configuration " + file + " has errors:\n  " + String.join("\n  ", errors));
        }
    }
}
