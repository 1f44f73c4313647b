package org.ifaas.factory.stage;

import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.PublicationRequests;

/**
 * A build's image in a region. What was asked to be published, and still has the bytes that were measured, stays under its id,
 * public or not: it is found there although its name has changed.
 */
record InRegion(PublicationRequests requests) {
    /** @return the image that was there, or is now registered privately, its digest compared */
    RegionImage register(NewImage image, Registry registry, StageContext build)
            throws StageFailure, InterruptedException {
        var asked = requests.find(build.id())
                .flatMap(request -> request.images().stream()
                        .filter(ref -> ref.region().equals(registry.region()))
                        .findFirst());
        if (asked.isPresent()) {
            var there = registry.find(asked.get().id());
            if (there.isPresent() && RegionDigest.isOf(there.get(), image.measured())) {
                build.log()
                        .line(
                                "%s: image %s stays as it is, %s as %s",
                                registry.region(),
                                there.get().ref().id(),
                                there.get().visibility(),
                                there.get().name());
                return there.get();
            }
        }
        var registered = registry.register(image, build.log());
        RegionDigest.compare(registered, image.measured());
        return registered;
    }
}
