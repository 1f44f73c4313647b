package org.ifaas.server.console;

import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.Certification;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequest.State;
import org.ifaas.factory.publish.Publisher;
import org.ifaas.factory.publish.RegionPublication;
import org.ifaas.factory.publish.RegionPublisher;
import org.ifaas.factory.publish.RequestSelection;
import org.ifaas.server.api.CertificationRoutes;
import org.ifaas.server.api.Inquiries;
import org.ifaas.server.api.Lists;
import org.ifaas.server.api.Refusal;
import org.ifaas.server.login.Right;
import org.ifaas.store.journal.PostgresHistory;
import org.jspecify.annotations.Nullable;

/** What waits to be made public, with its proof at a glance, and what was decided. */
public final class RequestsPage {
    private static final int MOST_WAITING = 20;
    private static final int MOST_DECIDED = 100;

    private final Lists lists;
    private final Publisher publisher;
    private final Certification certification;
    private final Journal journal;
    private final PostgresHistory history;
    private final Registries registries;
    private final Inquiries<There> regions;

    RequestsPage(
            Lists lists,
            Publisher publisher,
            Certification certification,
            Journal journal,
            PostgresHistory history,
            Registries registries,
            Inquiries<There> regions) {
        this.regions = regions;
        this.history = history;
        this.lists = lists;
        this.publisher = publisher;
        this.certification = certification;
        this.journal = journal;
        this.registries = registries;
    }

    /** @param older the address of those that wait for longer; empty when there are none */
    public record Page(List<Waiting> waiting, String older, List<PublicationRequest> decided) {}

    /**
     * A request with what speaks for it.
     *
     * @param latest the name under which customers will find it
     * @param previous the name that what has that name now will have
     * @param hides whether it will be hidden then
     */
    public record Waiting(
            PublicationRequest request,
            String latest,
            String previous,
            boolean hides,
            @Nullable ImageTested tested,
            @Nullable ReleaseSealed sealed,
            List<Copy> copies,
            List<Certification.Step> certification) {}

    /**
     * @param digest as the region itself says it, or why it is not known
     * @param replaces the version in whose place it comes; empty when it is the first of its name, or not known
     * @param publication how far it has come; null before the approval
     */
    public record Copy(
            String region,
            String id,
            String digest,
            Shown state,
            String replaces,
            @Nullable Publication publication) {}

    /** @param reason why it has failed; empty otherwise */
    public record Publication(Shown state, String reason, Instant changed) {}

    /**
     * What a region says of a copy.
     *
     * @param image null when it is not there
     * @param replaces as of {@link Copy}
     */
    record There(@Nullable RegionImage image, String replaces) {}

    /** A request, of which each region is asked. */
    private record Asked(PublicationRequest request, List<Map.Entry<ImageRef, Inquiries<There>.Inquiry>> copies) {}

    void show(Exchange exchange) throws InterruptedException {
        var account = exchange.account();
        var after = exchange.query("after");
        var waiting = new ArrayList<PublicationRequest>();
        var pending = RequestSelection.ALL.in(State.PENDING);
        if (after.isEmpty()) {
            waiting.addAll(lists.requests(account, RequestSelection.ALL.in(State.APPROVED), MOST_WAITING));
        } else {
            pending = pending.after(id(after));
        }
        var found = lists.requests(account, pending, MOST_WAITING + 1);
        waiting.addAll(found.subList(0, Math.min(found.size(), MOST_WAITING)));
        var older = found.size() > MOST_WAITING
                ? "/requests?after=" + found.get(MOST_WAITING - 1).id()
                : "";
        var asked = waiting.stream().map(this::ask).toList();
        var shown = new ArrayList<Waiting>();
        for (var request : asked) {
            shown.add(waiting(request));
        }
        exchange.page(
                "Requests",
                "/requests",
                "requests",
                new Page(shown, older, history.decided(account.images(Right.SEE), MOST_DECIDED)));
    }

    private Asked ask(PublicationRequest request) {
        return new Asked(request, regions.each(request.images(), image -> ask(image, request.publishAs())));
    }

    private Inquiries<There>.Inquiry ask(ImageRef ref, String publishAs) {
        return regions.ask("region " + ref.region(), ref.id() + " as " + publishAs, () -> {
            var registry = registries.of(ref.region());
            return new There(
                    registry.find(ref.id()).orElse(null),
                    RegionPublisher.replaced(registry, ref, publishAs).orElse(""));
        });
    }

    private static BuildId id(String text) {
        try {
            return new BuildId(text);
        } catch (IllegalArgumentException e) {
            throw Exchange.notFound("request", text);
        }
    }

    private Waiting waiting(Asked asked) throws InterruptedException {
        var request = asked.request();
        var facts = journal.facts(request.id());
        var measured = facts.find(ImageBuilt.class)
                .map(built -> built.measured().digests())
                .orElse(null);
        var copies = new ArrayList<Copy>();
        for (var one : asked.copies()) {
            copies.add(copy(one.getKey(), one.getValue().answer(), measured, request));
        }
        return new Waiting(
                request,
                RegionPublisher.latest(request.publishAs()),
                RegionPublisher.previous(request.publishAs()),
                facts.find(Inputs.class)
                        .filter(inputs -> inputs.definition().visiblePrevious() > 0)
                        .isEmpty(),
                facts.find(ImageTested.class).orElse(null),
                facts.find(ReleaseSealed.class).orElse(null),
                copies,
                certification.checklist(request.id()));
    }

    private static Publication publication(RegionPublication one) {
        var shown = switch (one.state()) {
            case WAITING -> new Shown("…", "waits to be verified", "calm");
            case VERIFIED -> new Shown("✔", "verified, not public yet", "good");
            case PUBLISHED -> new Shown("✔", "public", "good");
            case FAILED -> new Shown("✖", "failed, is tried again", "bad");
        };
        return new Publication(shown, Objects.requireNonNullElse(one.reason(), ""), one.changed());
    }

    private static Copy copy(
            ImageRef ref, Inquiries.Answer<There> answer, @Nullable Digests measured, PublicationRequest request) {
        var publication =
                request.in(ref.region()).map(RequestsPage::publication).orElse(null);
        var there = answer.value();
        if (there == null) {
            return new Copy(
                    ref.region(), ref.id(), answer.problem(), new Shown("?", "not known", "calm"), "", publication);
        }
        var image = there.image();
        if (image == null) {
            return new Copy(
                    ref.region(), ref.id(), "", new Shown("✖", "not there", "bad"), there.replaces(), publication);
        }
        boolean same = measured != null
                && image.hashValue()
                        .equals(
                                switch (image.hashAlgorithm()) {
                                    case "sha256" -> measured.sha256();
                                    case "sha512" -> measured.sha512();
                                    default -> measured.md5();
                                });
        return new Copy(
                ref.region(),
                ref.id(),
                image.hashAlgorithm() + " " + image.hashValue(),
                same ? new Shown("✔", "as built", "good") : new Shown("✖", "another digest", "bad"),
                there.replaces(),
                publication);
    }

    void approve(Exchange exchange) {
        try {
            var by = exchange.account();
            var looked = exchange.form().text("sha256");
            publisher.approve(
                    id(exchange),
                    by.person(),
                    by.images(Right.DECIDE),
                    looked.isEmpty() ? null : looked,
                    exchange.form().texts("without"));
            exchange.redirect("/requests");
        } catch (Publisher.Refused e) {
            throw Refusal.of(e);
        } catch (StageFailure e) {
            throw Refusal.notPublished(e);
        }
    }

    void certify(Exchange exchange) throws IOException {
        var type = exchange.request().headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        try {
            certification.say(
                    id(exchange),
                    exchange.name("step"),
                    type.startsWith(FormData.TYPE) ? said(type, exchange) : said(exchange.form()),
                    exchange.account().person());
            exchange.redirect("/requests");
        } catch (Publisher.Refused e) {
            throw Refusal.of(e);
        }
    }

    /** The decision stands in the address, so that the file may come last. */
    private static Certification.Said said(String type, Exchange exchange) throws IOException {
        var content = exchange.request().content();
        var form = FormData.read(type, content.hasEntity() ? content.inputStream() : InputStream.nullInputStream());
        return new Certification.Said(
                CertificationRoutes.confirms(exchange.query("decision")),
                form.text("note"),
                form.text("evidence"),
                form.file());
    }

    private static Certification.Said said(Form form) {
        return new Certification.Said(
                CertificationRoutes.confirms(form.text("decision")), form.text("note"), form.text("evidence"), null);
    }

    void reject(Exchange exchange) {
        var reason = exchange.form().text("reason");
        if (reason.isEmpty()) {
            throw new Refusal(
                    400,
                    "a rejection needs a reason",
                    "reason",
                    null,
                    "Say in a sentence what its requester is to do.");
        }
        try {
            publisher.reject(id(exchange), exchange.account().name(), reason);
            exchange.redirect("/requests");
        } catch (Publisher.Refused e) {
            throw Refusal.of(e);
        }
    }

    private BuildId id(Exchange exchange) {
        return AskedBuild.find(journal, exchange).id();
    }
}
