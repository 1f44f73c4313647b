package org.ifaas.factory.stage;

import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** Whether an image can be tested where its home region's instances run, and on the flavors that it names. */
record TestFlavors(Instances instances, Registries registries) {
    void check(ImageDefinition definition, String home) throws StageFailure, InterruptedException {
        var there = instances.booting(registries.of(home));
        there.checkBoots(definition.architecture(), definition.firmware());
        var sizes = definition.sizes();
        for (var name : definition.tests().flavors()) {
            var size = there.flavor(name);
            if (size.memoryMiB() < sizes.minRamMiB()) {
                throw small(name, size.memoryMiB() + " MiB of memory", "min_ram_mib is " + sizes.minRamMiB());
            }
            if (size.diskGiB() > 0 && size.diskGiB() < sizes.minDiskGiB()) {
                throw small(name, size.diskGiB() + " GiB of disk", "min_disk_gib is " + sizes.minDiskGiB());
            }
        }
    }

    private static StageFailure small(String flavor, String has, String needs) {
        return new StageFailure(
                Blame.IMAGE,
                "tests.flavors: " + flavor + " has " + has + ", and the image's " + needs,
                "Name larger flavors, or correct the image's sizes, in its image.yaml.");
    }
}
