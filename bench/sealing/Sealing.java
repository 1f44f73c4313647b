import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.ifaas.release.audit.HashdeepAuditor;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.release.openpgp.OpenPgpSigner;
import org.ifaas.release.openpgp.ReleaseKeyPolicy;
import org.ifaas.release.seal.ReleaseSealer;

/** Seals a release folder with nothing measured before: {@code Sealing RELEASE KEYS IMAGE}. */
class Sealing {
    public static void main(String[] arguments) throws Exception {
        var measurer = new ParallelMeasurer();
        var signer = new OpenPgpSigner(
                ReleaseKeyPolicy.defaults(Path.of(arguments[1]).toAbsolutePath()), InstantSource.system());
        new ReleaseSealer(signer, new HashdeepAuditor(measurer), measurer)
                .seal(Path.of(arguments[0]).toAbsolutePath(), Map.of(), List.of(arguments[2]), line -> {});
    }
}
