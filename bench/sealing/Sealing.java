import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.signing.Sealer;
import org.ifaas.release.audit.HashdeepAuditor;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.release.openpgp.OpenPgpSigner;
import org.ifaas.release.openpgp.SigningKeyPolicy;
import org.ifaas.release.seal.ReleaseSealer;

/**
 * Seals a release folder three times: {@code Sealing RELEASE KEYS IMAGE}. Prints a line each, wall and CPU seconds: in a fresh
 * JVM with nothing measured before (its start included); the same again; and as stage 10 does, with the image measured before.
 */
class Sealing {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    public static void main(String[] arguments) throws Exception {
        var release = Path.of(arguments[0]).toAbsolutePath();
        var image = arguments[2];
        var measurer = new ParallelMeasurer();
        var signer = new OpenPgpSigner(
                SigningKeyPolicy.defaults(Path.of(arguments[1]).toAbsolutePath()), InstantSource.system());
        var sealer = new ReleaseSealer(signer, new HashdeepAuditor(measurer), measurer);

        sealer.seal(release, new Sealer.Contents(Map.of(), List.of(image), "{}"), line -> {});
        print(ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0, PROCESS.getProcessCpuTime());
        seal(sealer, release, image, Map.of());
        seal(sealer, release, image, Map.of(image, measurer.measure(release.resolve(image))));
    }

    private static void seal(ReleaseSealer sealer, Path release, String image, Map<String, Measured> known)
            throws Exception {
        Files.delete(release.resolve("SHA256SUMS.asc")); // or it would find itself sealed already
        var start = System.nanoTime();
        var cpu = PROCESS.getProcessCpuTime();
        sealer.seal(release, new Sealer.Contents(known, List.of(image), "{}"), line -> {});
        print((System.nanoTime() - start) / 1e9, PROCESS.getProcessCpuTime() - cpu);
    }

    private static void print(double wall, long cpuNanos) {
        System.out.println(wall + " " + cpuNanos / 1e9);
    }
}
