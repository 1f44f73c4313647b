package org.ifaas.openstack.nova;

import java.time.Duration;
import org.ifaas.factory.host.Listening;
import org.jspecify.annotations.Nullable;

/**
 * Where and how the factory's machines run in one cloud. What is named may be an id or a name.
 *
 * @param region of the cloud
 * @param network to which they are attached
 * @param floatingNetwork from which they get a floating address; null when the factory reaches the network itself
 * @param factoryAddress from where they are reached over SSH, as a CIDR: nobody else is let in
 * @param zone availability zone; null for the cloud's choice
 * @param hostImage image of build hosts, one with cloud-init; empty where there are none
 * @param hostFlavor flavor of build hosts; empty where there are none
 * @param hostVolumeGiB size of the volume that build hosts boot from; 0 to boot from the flavor's own disk
 * @param instanceFlavor flavor of test instances; null for the smallest that the image fits into
 * @param patience how many times longer than on hardware a boot takes there: 1, and more where Nova emulates
 * @param reach where the factory listens for test instances that are to reach it; null where they don't
 * @param launch how long a server may take until it is ACTIVE
 */
public record Placement(
        String region,
        String network,
        @Nullable String floatingNetwork,
        String factoryAddress,
        @Nullable String zone,
        String hostImage,
        String hostFlavor,
        int hostVolumeGiB,
        @Nullable String instanceFlavor,
        int patience,
        @Nullable Listening reach,
        Duration launch) {
    /** Whether build hosts are made there, and not only test instances. */
    public boolean hosts() {
        return !hostImage.isEmpty() && !hostFlavor.isEmpty();
    }
}
