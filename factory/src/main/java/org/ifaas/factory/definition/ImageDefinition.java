package org.ifaas.factory.definition;

import java.util.List;
import java.util.Map;
import org.ifaas.factory.schedule.Timing;
import org.jspecify.annotations.Nullable;

/**
 * An image definition: a folder in a git repository that holds {@code image.yaml}, the builder's own description and,
 * where it has them, further tests. This record is the content of {@code image.yaml} after validation against its schema.
 *
 * @param name what one types to build it and the name of its folder, such as {@code debian-12}
 * @param title one line for people
 * @param builder name of the builder: {@code diskimage-builder}, {@code kiwi}, {@code mmdebstrap} or {@code script}
 * @param publishAs the public name without its suffix, such as {@code Standard_Debian_12_amd64_bios}
 * @param description where the builder's own description starts, a path inside the definition's folder
 * @param compression how the qcow2 is compressed: {@code zlib} (every reader) or {@code zstd}
 * @param owner mail address of the image's owner
 * @param team mail addresses of the team, in copy
 * @param properties further Glance properties, over those which the factory derives
 * @param replaceFrequency how often a new one replaces it, in SCS-0102's words: yearly, quarterly, monthly, weekly, daily,
 *     critical_bug or never
 * @param visiblePrevious how many versions before the newest stay visible when that is published; older ones are hidden
 * @param regions the regions it is copied to; empty for all that are configured
 * @param copyBeforeTest whether copying starts when the image is registered, rather than when its tests have passed
 * @param options what the builder's own description wants to be told, passed in its environment
 * @param schedule when it is built by itself; null for never
 * @param stages scripts of its own that run on the build host before or after a stage
 * @param certification what people or other systems have to confirm of a release before it is published
 */
public record ImageDefinition(
        String name,
        String title,
        String builder,
        String publishAs,
        String description,
        Os os,
        String architecture,
        Firmware firmware,
        Sizes sizes,
        String compression,
        String owner,
        List<String> team,
        Tests tests,
        Map<String, String> properties,
        String replaceFrequency,
        int visiblePrevious,
        List<String> regions,
        boolean copyBeforeTest,
        Map<String, String> options,
        @Nullable Timing schedule,
        List<OwnStage> stages,
        List<CertificationStep> certification) {

    /**
     * @param name as it is written in addresses and on the command line
     * @param title what is confirmed, for people
     * @param who should confirm it, for people; empty when the definition does not say
     */
    public record CertificationStep(String name, String title, String who) {}

    /**
     * @param name what its part of the log begins with
     * @param before whether it runs before the stage rather than after it
     * @param stage name of the stage, such as {@code build-image}
     * @param script path inside the definition's folder of an executable file
     */
    public record OwnStage(String name, boolean before, String stage, String script) {}

    /**
     * @param distro in Glance's words, {@code os_distro}: {@code debian}
     * @param version {@code os_version}: {@code 12}
     * @param codename the suite in the distribution's archive: {@code bookworm}; empty where there is none
     * @param user the account that cloud-init makes, Glance's {@code image_original_user}
     */
    public record Os(String distro, String version, String codename, String user) {}

    public enum Firmware {
        BIOS,
        UEFI
    }

    /**
     * @param diskMiB virtual size of the disk, in MiB
     * @param minDiskGiB Glance's {@code min_disk}, in GiB
     * @param minRamMiB Glance's {@code min_ram}, in MiB; also what the test instance gets at least
     */
    public record Sizes(int diskMiB, int minDiskGiB, int minRamMiB) {}

    /**
     * @param suite {@code baseline} for the shipped suite, {@code none} when the image cannot run it (it then brings its own)
     * @param own paths inside the definition's folder of further test scripts that print TAP
     * @param bootBudgetSeconds how long the image may take to its first SSH login with hardware acceleration
     * @param twoInstances whether two instances are compared and a reboot is tried
     * @param flavors names of those on each of which it is tested; empty for one that it fits into
     */
    public record Tests(
            String suite, List<String> own, int bootBudgetSeconds, boolean twoInstances, List<String> flavors) {}
}
