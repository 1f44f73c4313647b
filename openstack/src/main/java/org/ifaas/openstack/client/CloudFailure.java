package org.ifaas.openstack.client;

import java.time.Duration;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/** A service of a cloud refused something, or gave no answer. */
public final class CloudFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private static final Pattern QUOTA = Pattern.compile("(?is)quota|maximum number of .{0,80}exceeded");
    private static final Pattern MANY = Pattern.compile("(?i)exceeded the maximum|too many");

    private final String cloud;
    private final String service;
    private final String method;
    private final String path;
    private final int status;
    private final String reason;
    private final @Nullable String requestId;
    private final @Nullable Duration retryAfter;

    /**
     * @param service its type and region, such as {@code image in eu-de}
     * @param status of HTTP; 0 when there was no answer
     * @param reason in the service's own words
     * @param requestId its {@code x-openstack-request-id}: what an operator of the cloud looks for in its logs
     * @param retryAfter after which it wants to be asked again, within reason; null where it does not say
     */
    CloudFailure(
            String cloud,
            String service,
            String method,
            String path,
            int status,
            String reason,
            @Nullable String requestId,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(
                "cloud %s, %s: %s %s: %s%s%s"
                        .formatted(
                                cloud,
                                service,
                                method,
                                path,
                                status == 0 ? "" : status + " ",
                                reason,
                                requestId == null ? "" : " (" + requestId + ")"),
                cause);
        this.cloud = cloud;
        this.service = service;
        this.method = method;
        this.path = path;
        this.status = status;
        this.reason = reason;
        this.requestId = requestId;
        this.retryAfter = retryAfter;
    }

    public String service() {
        return service;
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }

    public @Nullable String requestId() {
        return requestId;
    }

    /** After which the service wants to be asked again, within reason; null where it does not say. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** Whether what was asked for may or may not have been done. */
    public boolean uncertain() {
        return status == 0 || status == 500 || status == 502 || status == 504;
    }

    public boolean quota() {
        return (status == 403 || status == 413 || status == 409)
                && (quota(reason) || MANY.matcher(reason).find());
    }

    /** Whether these words of a service tell of a quota that is full. */
    public static boolean quota(String reason) {
        return QUOTA.matcher(reason).find();
    }

    /** @param what could not be done, such as {@code the image a can't be registered} */
    public StageFailure because(String what) {
        return new StageFailure(Blame.CLOUD, what + ": " + getMessage(), mend(), this);
    }

    public String mend() {
        if (quota()) {
            return "Have the project's quota raised, or remove what is not needed there ('openstack quota show').";
        }
        return switch (status) {
            case 0 ->
                getCause() instanceof SSLHandshakeException
                        ? "See that cacert of cloud " + cloud
                                + " in clouds.yaml holds the authority of that certificate, and"
                                + " that the address has the name that the certificate is for."
                        : "Check that the factory reaches it: 'ifaas doctor --cloud " + cloud + "' tries.";
            case 401 ->
                "Check the credential of cloud " + cloud + " in clouds.yaml: it may have expired or been revoked.";
            case 403 -> "Give the factory's credential the role that docs/operate/openstack.md names.";
            case 400, 404, 409 ->
                "Compare the cloud's settings in ifaas.yaml with 'ifaas doctor --cloud " + cloud + "'.";
            case 413 -> "Ask the cloud's operator about its limits.";
            case 429 -> "The cloud limits how often it is asked: run fewer builds at once.";
            default -> "Ask the cloud's operator, naming the request id.";
        };
    }
}
