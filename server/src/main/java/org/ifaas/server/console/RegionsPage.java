package org.ifaas.server.console;

import java.util.Comparator;
import java.util.List;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.StageFailure;

/** The regions and the images that lie in them. */
public final class RegionsPage {
    private static final int MOST = 200;

    private final Registries registries;

    RegionsPage(Registries registries) {
        this.registries = registries;
    }

    public record Page(List<Region> regions) {}

    /**
     * @param images public ones first, then the newest
     * @param problem why they can't be listed; empty when they can
     */
    public record Region(String name, Availability availability, List<RegionImage> images, String problem) {}

    void show(Exchange exchange) {
        exchange.page(
                "Regions",
                "/regions",
                "regions",
                new Page(registries.all().stream().map(RegionsPage::region).toList()));
    }

    private static Region region(Registry registry) {
        try {
            var images = registry.list().stream()
                    .sorted(Comparator.comparing(
                                    (RegionImage image) -> !image.visibility().equals("public") || image.hidden())
                            .thenComparing(RegionImage::created, Comparator.reverseOrder()))
                    .limit(MOST)
                    .toList();
            return new Region(registry.region(), registry.availability(), images, "");
        } catch (StageFailure e) {
            return new Region(registry.region(), registry.availability(), List.of(), e.getMessage() + " " + e.mend());
        }
    }
}
