package org.ifaas.factory.publish;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.definition.ImageDefinition.CertificationStep;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.publish.Confirmation.Evidence;
import org.ifaas.factory.publish.PublicationRequest.State;
import org.ifaas.factory.text.Visible;
import org.jspecify.annotations.Nullable;

/**
 * The certification checklist of a release: steps that its definition names and that people or other systems confirm, with
 * evidence, before it may be published. What was said of another image of the same build does not count.
 */
public final class Certification {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS").withZone(ZoneOffset.UTC);
    private static final int LONGEST = 1000;

    private final Journal journal;
    private final Confirmations confirmations;
    private final PublicationRequests requests;
    private final ArtifactStore store;
    private final PublicationPolicy policy;
    private final AuditLog audit;
    private final long mostEvidenceBytes;
    private final InstantSource clock;

    public Certification(
            Journal journal,
            Confirmations confirmations,
            PublicationRequests requests,
            ArtifactStore store,
            PublicationPolicy policy,
            AuditLog audit,
            long mostEvidenceBytes,
            InstantSource clock) {
        this.journal = journal;
        this.confirmations = confirmations;
        this.requests = requests;
        this.store = store;
        this.policy = policy;
        this.audit = audit;
        this.mostEvidenceBytes = mostEvidenceBytes;
        this.clock = clock;
    }

    /** @param confirmation null when nobody has said anything of this image yet */
    public record Step(CertificationStep step, @Nullable Confirmation confirmation) {
        public boolean confirmed() {
            return confirmation != null && confirmation.confirmed();
        }
    }

    /**
     * What somebody says of a step.
     *
     * @param note empty for none
     * @param address of the evidence; empty for none
     * @param file the evidence itself; null for none
     */
    public record Said(
            boolean confirms,
            String note,
            String address,
            @Nullable File file) {}

    /** @param content is read and not closed */
    public record File(String name, InputStream content) {}

    /** In the order of the definition; empty when it has none, or there is no image yet. */
    public List<Step> checklist(BuildId build) {
        return checklist(build, journal.facts(build));
    }

    private List<Step> checklist(BuildId build, Facts facts) {
        var inputs = facts.find(Inputs.class);
        var image = facts.find(ImageBuilt.class)
                .map(built -> built.measured().digests().sha256());
        if (inputs.isEmpty()
                || image.isEmpty()
                || inputs.get().definition().certification().isEmpty()) {
            return List.of();
        }
        var said = confirmations.of(build).stream()
                .filter(confirmation -> confirmation.sha256().equals(image.get()))
                .collect(Collectors.toMap(Confirmation::step, Function.identity()));
        return inputs.get().definition().certification().stream()
                .map(step -> new Step(step, said.get(step.name())))
                .toList();
    }

    /** @throws Publisher.Refused naming the steps that nobody has confirmed, or somebody has refused */
    void check(PublicationRequest request) throws Publisher.Refused {
        var open = checklist(request.id()).stream()
                .filter(step -> !step.confirmed())
                .toList();
        if (!open.isEmpty()) {
            throw new Publisher.Refused(
                    "certification",
                    open.stream().map(step -> step.step().name()).collect(Collectors.joining(", ")),
                    "the release is not certified: "
                            + open.stream().map(Certification::words).collect(Collectors.joining("; ")),
                    "Confirm each: 'ifaas confirm " + request.id() + " STEP --evidence FILE --note TEXT'.");
        }
    }

    private static String words(Step step) {
        var said = step.confirmation();
        var title = step.step().title() + " (" + step.step().name() + ")";
        return said == null ? title + " is not confirmed" : title + " was refused by " + said.by();
    }

    /**
     * Writes down what somebody says, with the evidence in the artifact store.
     *
     * @throws Publisher.Refused when there is no such step, its time is over, it is not for this person to confirm, or what
     *     was said is not complete
     * @throws IOException when the evidence can't be read or stored
     */
    public List<Step> say(BuildId build, String step, Said said, Person person) throws Publisher.Refused, IOException {
        var by = person.name();
        var facts = journal.facts(build);
        var steps = checklist(build, facts);
        check(build, step, steps, facts);
        if (said.confirms()) {
            checkFourEyes(build, person, facts);
        }
        check(said);
        var evidence = evidence(build, step, said);
        var sha256 = facts.get(ImageBuilt.class).measured().digests().sha256();
        audit.record(
                by,
                said.confirms() ? AuditAction.STEP_CONFIRMED : AuditAction.STEP_REFUSED,
                build.value(),
                details(step, sha256, said, evidence));
        confirmations.record(
                new Confirmation(build, step, sha256, said.confirms(), by, clock.instant(), said.note(), evidence));
        return checklist(build, facts);
    }

    /** The same by somebody of whom no mail address is known. */
    public List<Step> say(BuildId build, String step, Said said, String by) throws Publisher.Refused, IOException {
        return say(build, step, said, new Person(by));
    }

    /** Whoever may not approve it may not vouch for it either; to refuse is left to everybody. */
    private void checkFourEyes(BuildId build, Person person, Facts facts) throws Publisher.Refused {
        var requester = journal.find(build).map(found -> PublicationRequest.requester(found, facts.get(Inputs.class)));
        if (policy.fourEyes() && requester.filter(person::is).isPresent()) {
            throw new Publisher.Refused(
                    "confirmer",
                    person.name(),
                    "whoever asked for a build can't confirm its certification",
                    "Have somebody else, or another system, confirm it.");
        }
    }

    private void check(BuildId build, String step, List<Step> steps, Facts facts) throws Publisher.Refused {
        if (steps.stream().noneMatch(known -> known.step().name().equals(step))) {
            var names = steps.stream().map(known -> known.step().name()).collect(Collectors.joining(", "));
            throw new Publisher.Refused(
                    "step",
                    step,
                    "build " + build + " has no such step of certification",
                    names.isEmpty()
                            ? "Its definition names none under 'certification'."
                            : "Choose among " + names + ".");
        }
        if (!facts.has(ReleaseSealed.class)) {
            throw new Publisher.Refused(
                    "build", build.value(), "it has no release yet", "Wait until stage 10 has sealed it.");
        }
        var request = requests.find(build);
        if (request.isPresent() && request.get().state() != State.PENDING) {
            throw new Publisher.Refused(
                    "build",
                    build.value(),
                    "its publication is " + request.get().state() + " already",
                    "What is decided needs no certification any more.");
        }
    }

    private static void check(Said said) throws Publisher.Refused {
        if (said.note().length() > LONGEST) {
            throw new Publisher.Refused(
                    "note", said.note(), "is longer than " + LONGEST + " characters", "Attach it as a file.");
        }
        if (!said.confirms() && said.note().isBlank()) {
            throw new Publisher.Refused("note", "", "a refusal needs a reason", "Say in a sentence what is wrong.");
        }
        if (said.note().isBlank() && said.address().isBlank() && said.file() == null) {
            throw new Publisher.Refused(
                    "evidence",
                    "",
                    "there is neither evidence nor a note",
                    "Name a file or an address, or write a note.");
        }
        if (!said.address().isBlank() && said.file() != null) {
            throw new Publisher.Refused(
                    "evidence",
                    said.address(),
                    "is given, and a file too",
                    "Attach one of them; the note may name the other.");
        }
        if (!said.address().isBlank() && !isAddress(said.address())) {
            throw new Publisher.Refused(
                    "evidence", said.address(), "is no address", "Write one that begins with https:// or http://.");
        }
    }

    private static boolean isAddress(String text) {
        try {
            var uri = new URI(text);
            return text.length() <= LONGEST
                    && List.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private @Nullable Evidence evidence(BuildId build, String step, Said said) throws Publisher.Refused, IOException {
        if (said.file() == null) {
            return said.address().isBlank() ? null : new Evidence(said.address(), null, 0, null);
        }
        var name = said.file().name().replaceAll(".*[/\\\\]", "").replaceAll("[^A-Za-z0-9._-]", "-");
        var stored = name.substring(Math.max(0, name.length() - 100)).replaceAll("^[.-]+", "");
        var key = "builds/%s/certification/%s/%s-%s"
                .formatted(build, step, TIME.format(clock.instant()), stored.isEmpty() ? "evidence" : stored);
        return stored(key, stored.isEmpty() ? "evidence" : stored, said.file().content());
    }

    private Evidence stored(String key, String name, InputStream content) throws Publisher.Refused, IOException {
        var digest = sha256();
        long size = 0;
        boolean whole = false;
        var creation = store.create(key);
        try (creation) {
            try {
                var buffer = new byte[1 << 16];
                for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                    size += read;
                    if (size > mostEvidenceBytes) {
                        throw new Publisher.Refused(
                                "evidence",
                                name,
                                "is larger than " + mostEvidenceBytes + " bytes",
                                "Name its address instead, or raise certification.evidence in the configuration.");
                    }
                    digest.update(buffer, 0, read);
                    creation.write(buffer, 0, read);
                }
                if (size == 0) {
                    throw new Publisher.Refused("evidence", name, "is empty", "Attach a file that says something.");
                }
                whole = true;
            } finally {
                if (!whole) {
                    creation.abandon();
                }
            }
        }
        return new Evidence(name, key, size, HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Map<String, String> details(String step, String sha256, Said said, @Nullable Evidence evidence) {
        var details = new TreeMap<String, String>();
        details.put("step", step);
        details.put("sha256", sha256);
        if (!said.note().isBlank()) {
            details.put("note", Visible.line(said.note(), LONGEST));
        }
        if (evidence != null) {
            details.put("evidence", evidence.name());
            if (evidence.sha256() != null) {
                details.put("evidence sha256", evidence.sha256());
            }
        }
        return details;
    }
}
