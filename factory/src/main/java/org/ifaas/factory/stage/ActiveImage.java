package org.ifaas.factory.stage;

import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** An image that somebody has named. */
final class ActiveImage {
    private ActiveImage() {}

    /** @throws StageFailure blaming the IMAGE when there is none that can be booted */
    static RegionImage of(Registry registry, ImageRef image) throws StageFailure {
        return registry.find(image.id())
                .filter(found -> found.status().equals("active"))
                .orElseThrow(() -> new StageFailure(
                        Blame.IMAGE,
                        "imageId: region " + image.region() + " has no active image " + image.id(),
                        "'openstack image list', or the console's page of regions, names those that are there."));
    }
}
