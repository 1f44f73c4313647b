package org.ifaas.server.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.server.api.Inquiries;

/** The regions and the images that lie in them. */
public final class RegionsPage {
    private static final int MOST = 200;

    private final Registries registries;
    private final Inquiries<Region> inquiries;

    RegionsPage(Registries registries, Inquiries<Region> inquiries) {
        this.registries = registries;
        this.inquiries = inquiries;
    }

    public record Page(List<Region> regions) {}

    /**
     * @param images public ones first, then the newest
     * @param problem why they can't be listed; empty when they can
     */
    public record Region(String name, Availability availability, List<RegionImage> images, String problem) {}

    void show(Exchange exchange) throws InterruptedException {
        var asked = inquiries.each(
                registries.all(), registry -> inquiries.ask("region " + registry.region(), "", () -> region(registry)));
        var regions = new ArrayList<Region>();
        for (var one : asked) {
            var answer = one.getValue().answer();
            regions.add(answer.value() == null ? notKnown(one.getKey().region(), answer.problem()) : answer.value());
        }
        exchange.page("Regions", "/regions", "regions", new Page(regions));
    }

    private static Region notKnown(String name, String problem) {
        return new Region(name, new Availability(false, "", ""), List.of(), "What lies there is not known: " + problem);
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
