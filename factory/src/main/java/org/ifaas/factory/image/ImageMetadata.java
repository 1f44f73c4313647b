package org.ifaas.factory.image;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.jspecify.annotations.Nullable;

/**
 * Whether an image's properties keep the rules of SCS-0102, looked at before anything is uploaded.
 *
 * @param wrong what breaks a rule, with the mend
 * @param advised what is recommended and missing
 */
public record ImageMetadata(Map<String, String> properties, List<String> wrong, List<String> advised) {
    private static final long GIB = 1L << 30;
    private static final Pattern DATE =
            Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})([ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?Z?)?");
    private static final Set<String> ARCHITECTURES = Set.of("x86_64", "aarch64", "risc-v");
    private static final Set<String> PURPOSES = Set.of("generic", "minimal", "k8snode", "gpu", "network", "custom");
    private static final Set<String> BUSES = Set.of("virtio", "scsi");
    private static final Set<String> HYPERVISORS = Set.of("qemu", "kvm", "xen", "hyper-v", "esxi");
    private static final Set<String> FREQUENCIES =
            Set.of("never", "critical_bug", "yearly", "quarterly", "monthly", "weekly", "daily");

    public ImageMetadata {
        wrong = List.copyOf(wrong);
        advised = List.copyOf(advised);
    }

    /** @param now a build date beyond it is wrong */
    public static ImageMetadata of(Map<String, String> properties, Instant now) {
        return new Rules(properties).all(now);
    }

    /** With what is only known once the image is there. */
    public ImageMetadata withSize(long bytes, long virtualBytes) {
        var more = new ArrayList<>(wrong);
        var least = properties.getOrDefault("min_disk", "");
        if (least.matches("[0-9]{1,9}")) {
            long largest = Math.max(bytes, virtualBytes);
            if (Long.parseLong(least) * GIB < largest) {
                more.add("min_disk: " + least + " GiB are less than the image's " + largest
                        + " bytes; raise sizes.min_disk_gib in image.yaml to " + Math.ceilDiv(largest, GIB));
            }
        }
        return new ImageMetadata(properties, more, advised);
    }

    /** @throws StageFailure blaming the IMAGE, with all that is wrong */
    public void check(StageLog log) throws StageFailure {
        advised.forEach(advice -> log.line("recommended by SCS-0102: " + advice));
        if (!wrong.isEmpty()) {
            throw new StageFailure(
                    Blame.IMAGE,
                    "the image's properties break SCS-0102: " + String.join("; ", wrong),
                    "Correct image.yaml: its properties win over those that the factory derives.");
        }
    }

    private static final class Rules {
        private final Map<String, String> properties;
        private final List<String> wrong = new ArrayList<>();
        private final List<String> advised = new ArrayList<>();

        Rules(Map<String, String> properties) {
            this.properties = properties;
        }

        ImageMetadata all(Instant now) {
            one("architecture", ARCHITECTURES::contains, "one of x86_64, aarch64, risc-v");
            one("min_disk", Rules::positive, "a number of GiB");
            one("min_ram", Rules::positive, "a number of MiB");
            one("os_distro", text -> text.matches("[a-z0-9._-]+"), "a name in lower case");
            one("os_version", text -> !text.isBlank(), "the version");
            one("os_purpose", PURPOSES::contains, "one of custom, generic, gpu, k8snode, minimal, network");
            one("image_build_date", text -> built(text, now), "a date such as 2026-11-22, not in the future");
            one("image_original_user", text -> !text.isBlank(), "the account that cloud-init makes");
            one(
                    "image_source",
                    text -> text.equals("private") || text.matches("(https?|ftps?)://\\S+"),
                    "an address, or private");
            one("image_description", text -> !text.isBlank(), "a text, or an address");
            one(
                    "replace_frequency",
                    FREQUENCIES::contains,
                    "one of critical_bug, daily, monthly, never, quarterly, weekly, yearly");
            one("provided_until", text -> isOr(text, Set.of("none", "notice")), "a date, none or notice");
            one(
                    "uuid_validity",
                    text -> isOr(text, Set.of("none", "notice", "forever")) || text.matches("last-[0-9]{1,4}"),
                    "a date, none, notice, forever or last-N");
            may("hw_disk_bus", BUSES::contains, "virtio or scsi");
            may("hypervisor_type", HYPERVISORS::contains, "one of esxi, hyper-v, kvm, qemu, xen");
            may("hw_rng_model", "virtio"::equals, "virtio");
            may("hotfix_hours", text -> text.matches("[0-9]{1,6}"), "a number");
            for (var name : List.of("hypervisor_type", "hw_rng_model", "hw_disk_bus", "patchlevel")) {
                if (!properties.containsKey(name)) {
                    advised.add(name);
                }
            }
            return new ImageMetadata(properties, wrong, advised);
        }

        private void one(String name, Predicate<String> rule, String form) {
            if (properties.containsKey(name)) {
                may(name, rule, form);
            } else {
                wrong.add(name + ": is missing; it must be " + form);
            }
        }

        private void may(String name, Predicate<String> rule, String form) {
            var value = properties.get(name);
            if (value != null && !rule.test(value)) {
                wrong.add(name + ": “" + value + "” is not " + form);
            }
        }

        private static boolean positive(String text) {
            return text.matches("[1-9][0-9]{0,8}");
        }

        private static boolean isOr(String text, Set<String> words) {
            return words.contains(text) || date(text) != null;
        }

        private static boolean built(String text, Instant now) {
            var date = date(text);
            return date != null && !date.isAfter(LocalDate.ofInstant(now, ZoneOffset.UTC));
        }

        private static @Nullable LocalDate date(String text) {
            var matcher = DATE.matcher(text);
            try {
                return matcher.matches() ? LocalDate.parse(matcher.group(1)) : null;
            } catch (DateTimeException e) {
                return null;
            }
        }
    }
}
