import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.image.NewImage;
import org.ifaas.openstack.client.ClientPolicy;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.cloud.CloudsYaml;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.GlanceRegion;
import org.ifaas.release.digest.ParallelMeasurer;

/** Registers an image once and deletes it: {@code Uploading CLOUDS_YAML REGION FILE}. Prints the seconds; on stderr the peak of memory. */
class Uploading {
    public static void main(String[] arguments) throws Exception {
        var here = Path.of("").toAbsolutePath();
        var cloud = CloudsYaml.read(Map.of("OS_CLIENT_CONFIG_FILE", arguments[0]), here, here, List.of("factory"))
                .get("factory");
        var client = new CloudClient(cloud, ClientPolicy.defaults(), Clock.systemUTC(), Pause.REAL);
        var region = new GlanceRegion(arguments[1], client.service("image", arguments[1]), "bench0", GlancePolicy.defaults(), Pause.REAL);
        var file = Path.of(arguments[2]);
        // As stage 7 has done.
        var image = new NewImage("bench-ours", file, new ParallelMeasurer().measure(file), Map.of());
        region.availability();

        var start = System.nanoTime();
        var registered = region.register(image, line -> {});
        System.out.println((System.nanoTime() - start) / 1e9);

        region.delete(registered.ref().id());
        for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                System.err.println("peak of its memory " + Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024 + " MiB");
            }
        }
    }
}
