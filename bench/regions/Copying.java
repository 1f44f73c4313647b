import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Meanwhile;
import org.ifaas.openstack.client.ClientPolicy;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.cloud.CloudsYaml;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.GlanceRegion;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.storage.DirectoryRegion;
import org.ifaas.storage.StorePolicy;

/** Copies an image to all regions at once, as stage 12 does, and deletes the copies: {@code Copying CLOUDS_YAML FILE FOLDER}. Prints the seconds. */
class Copying {
    public static void main(String[] arguments) throws Exception {
        var here = Path.of("").toAbsolutePath();
        var cloud = CloudsYaml.read(Map.of("OS_CLIENT_CONFIG_FILE", arguments[0]), here, here, List.of("factory"))
                .get("factory");
        var client = new CloudClient(cloud, ClientPolicy.defaults(), Clock.systemUTC(), Pause.REAL);
        var regions = new ArrayList<Registry>();
        for (var name : List.of("RegionOne", "RegionTwo")) {
            regions.add(new GlanceRegion(name, client.service("image", name), "bench0", GlancePolicy.defaults(), Pause.REAL));
        }
        regions.add(new DirectoryRegion("third", DiskFormat.QCOW2, Path.of(arguments[2]), StorePolicy.defaults(), Clock.systemUTC()));
        var file = Path.of(arguments[1]);
        // As stage 7 has done.
        var image = new NewImage("bench-ours", file, new ParallelMeasurer().measure(file), Map.of("min_disk", "1", "min_ram", "0"));
        for (var region : regions) {
            region.availability();
        }

        var start = System.nanoTime();
        var copies = new ArrayList<Meanwhile<String>>();
        for (var region : regions) {
            copies.add(new Meanwhile<>(() -> region.register(image, line -> {}).ref().id()));
        }
        for (var copy : copies) {
            copy.result();
        }
        System.out.println((System.nanoTime() - start) / 1e9);

        for (int i = 0; i < regions.size(); i++) {
            regions.get(i).delete(copies.get(i).result());
        }
    }
}
