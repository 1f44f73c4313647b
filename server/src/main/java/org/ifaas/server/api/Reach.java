package org.ifaas.server.api;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.server.login.Account;
import org.ifaas.server.login.Right;

/** Whether an account reaches what an address names. What is of an image that it may not see is not there for it. */
public final class Reach {
    private static final Set<String> BUILDS = Set.of("id", "build", "other");
    /** Segments of addresses that lead to nothing of an image. */
    private static final Set<String> PLAIN = Set.of("stage", "serial", "name", "step");

    private final Function<String, Optional<String>> imageOfBuild;
    private final Function<String, Optional<String>> imageOfHost;
    private final UnaryOperator<String> imageNamed;

    /**
     * @param imageOfBuild by the build's id, or its start
     * @param imageOfHost by the host's name
     * @param imageNamed as {@link ImageNames} does
     */
    public Reach(
            Function<String, Optional<String>> imageOfBuild,
            Function<String, Optional<String>> imageOfHost,
            UnaryOperator<String> imageNamed) {
        this.imageOfBuild = imageOfBuild;
        this.imageOfHost = imageOfHost;
        this.imageNamed = imageNamed;
    }

    /** The one name of an image, which may be given with its repository in front. */
    public String imageNamed(String image) {
        return imageNamed.apply(image);
    }

    /** @param given the segments of the address that have a name, by it; an image may be called after its repository */
    public Map<String, String> named(Map<String, String> given) {
        var named = new HashMap<>(given);
        named.computeIfPresent("image", (kind, image) -> imageNamed(image));
        return named;
    }

    /**
     * @param named as {@link #named} answers
     * @throws Refusal 404 where it is not there for this account, 403 where it may be seen and no more
     */
    public void check(Account account, Right right, Map<String, String> named) {
        if (!account.images(right).all()) {
            named.forEach((kind, name) -> {
                if (!PLAIN.contains(kind)) {
                    check(account, right, kind, name, image(kind, name));
                }
            });
        }
    }

    /** The same for an image that a body names. */
    public static void check(Account account, Right right, String image) {
        check(account, right, "image", image, Optional.of(image));
    }

    /** The same for parameters that a body has: an image that exists already may be of any definition. */
    public static void check(Account account, Right right, Parameters parameters) {
        check(account, right, parameters.image());
        if (parameters.kind() == Kind.TEST && !account.images(right).all()) {
            throw new Refusal(
                    403,
                    "an image that exists may be anybody's: it needs the role "
                            + right.needed().slug() + ", for all images",
                    "kind",
                    parameters.kind().word(),
                    "Ask the factory's administrator for the role.");
        }
    }

    private static void check(Account account, Right right, String kind, String name, Optional<String> image) {
        var seen = image.filter(one ->
                account.images(Right.SEE).has(one) || account.images(right).has(one));
        if (seen.isEmpty()) {
            throw Refusal.notFound(BUILDS.contains(kind) ? "build" : kind, name, "The lists say what there is.");
        }
        if (!account.images(right).has(seen.get())) {
            throw new Refusal(
                    403,
                    "for this image it needs the role " + right.needed().slug(),
                    "image",
                    seen.get(),
                    "Ask the factory's administrator for the role.");
        }
    }

    private Optional<String> image(String kind, String name) {
        if (BUILDS.contains(kind)) {
            return imageOfBuild.apply(name);
        }
        return switch (kind) {
            case "image" -> Optional.of(name);
            case "host" -> imageOfHost.apply(name);
            default -> throw new IllegalStateException("of which image is a " + kind + "?");
        };
    }
}
