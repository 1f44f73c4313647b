package org.ifaas.server.publisher;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.ifaas.api.ApprovalView;
import org.ifaas.api.ErrorView;
import org.ifaas.api.PublicationReport;
import org.ifaas.api.PublicationView;
import org.ifaas.api.RequestView;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.publish.ApprovedRelease;
import org.ifaas.factory.publish.ApprovedReleases;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.RegionPublication;
import org.ifaas.factory.publish.RegionState;
import org.ifaas.factory.publish.SignedApproval;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The factory over its REST interface. Redirects are not followed: the token is for the configured address alone. */
public final class FactoryClient implements ApprovedReleases, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PATH = "/api/v1/publications";
    private static final BodyHandler<byte[]> BODY = BodyHandlers.limiting(BodyHandlers.ofByteArray(), 64L << 20);

    private final String region;
    private final FactoryAddress address;
    private final HttpClient http;

    /** @throws IOException when the certificates can't be used */
    public FactoryClient(String region, FactoryAddress address) throws IOException {
        this.region = region;
        this.address = address;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(address.timeout())
                .sslContext(Tls.context(address))
                .build();
    }

    @Override
    public List<ApprovedRelease> waiting() throws Unreachable {
        var asked = request(PATH + "?region=" + URLEncoder.encode(region, StandardCharsets.UTF_8))
                .GET();
        return read(
                send(asked),
                PublicationView[].class,
                views -> Arrays.stream(views).map(FactoryClient::release).toList());
    }

    @Override
    public ApprovedRelease report(ApprovedRelease release, RegionState state, @Nullable String reason)
            throws Unreachable {
        var approval = Objects.requireNonNull(release.request().approval());
        var report = new PublicationReport(region, approval.nonce(), state.name(), reason);
        var told = request(PATH + "/" + release.request().id())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(report)));
        return read(send(told), PublicationView.class, FactoryClient::release);
    }

    private HttpRequest.Builder request(String path) throws Unreachable {
        try {
            var token = Files.readString(address.token())
                    .lines()
                    .findFirst()
                    .orElse("")
                    .strip();
            return HttpRequest.newBuilder(URI.create(address.url() + path))
                    .timeout(address.timeout())
                    .header("Authorization", "Bearer " + token);
        } catch (IOException | IllegalArgumentException e) {
            throw new Unreachable(
                    "the token in " + address.token() + " can't be read",
                    "Make that file readable by this process, with the token in its first line.",
                    e);
        }
    }

    private byte[] send(HttpRequest.Builder request) throws Unreachable {
        HttpResponse<byte[]> answer;
        try {
            answer = http.send(request.build(), BODY);
        } catch (IOException e) {
            throw new Unreachable(
                    "the factory at " + address.url() + " does not answer: " + words(e),
                    "See that it runs and is reached from here; it is asked again.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted", "Start it again.", e);
        }
        if (answer.statusCode() != 200) {
            throw refused(answer);
        }
        return answer.body();
    }

    private static String words(IOException e) {
        return e instanceof ConnectException
                ? "nothing listens there"
                : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private Unreachable refused(HttpResponse<byte[]> answer) {
        var what = "the factory at " + address.url() + " answers " + answer.statusCode();
        try {
            var problem = JSON.readValue(answer.body(), ErrorView.class);
            return new Unreachable(what + ": " + problem.detail(), problem.mend(), null);
        } catch (JacksonException e) {
            return new Unreachable(what, "See that factory.url is the address of a factory's REST interface.", e);
        }
    }

    private <T, R> R read(byte[] body, Class<T> type, Function<T, R> meaning) throws Unreachable {
        try {
            return meaning.apply(JSON.readValue(body, type));
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            throw new Unreachable(
                    "the factory at " + address.url() + " answers what is no publication",
                    "Let factory and publisher be of the same release.",
                    e);
        }
    }

    private static ApprovedRelease release(PublicationView view) {
        var statements = view.statements();
        return new ApprovedRelease(
                request(view.request()),
                view.checksums(),
                view.signature(),
                statements == null ? List.of() : statements);
    }

    private static PublicationRequest request(RequestView view) {
        return new PublicationRequest(
                new BuildId(view.build()),
                view.image(),
                view.serial(),
                view.publishAs(),
                view.sha256(),
                view.images().stream().map(FactoryClient::image).toList(),
                view.requester(),
                PublicationRequest.State.valueOf(view.state()),
                view.requested(),
                view.decidedBy(),
                view.decided(),
                view.how(),
                view.reason(),
                approval(view.approval()),
                view.regions().stream()
                        .map(one -> new RegionPublication(
                                one.region(), RegionState.valueOf(one.state()), one.reason(), one.changed()))
                        .toList());
    }

    private static @Nullable SignedApproval approval(@Nullable ApprovalView view) {
        if (view == null) {
            return null;
        }
        var without = view.without();
        return new SignedApproval(
                view.envelope(),
                view.key(),
                view.issued(),
                view.expires(),
                view.nonce(),
                without == null ? List.of() : without);
    }

    /** As the interface writes it: {@code region/id}. */
    private static ImageRef image(String text) {
        int slash = text.lastIndexOf('/');
        return new ImageRef(text.substring(0, Math.max(0, slash)), text.substring(slash + 1));
    }

    @Override
    public void close() {
        http.close();
    }
}
