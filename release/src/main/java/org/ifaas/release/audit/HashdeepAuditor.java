package org.ifaas.release.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.signing.Auditor;
import org.ifaas.factory.signing.Measurer;
import org.ifaas.release.file.WholeFile;

/** Audit sets in hashdeep's format, and checksums in that of {@code sha256sum}. */
public final class HashdeepAuditor implements Auditor {
    private final Measurer measurer;

    public HashdeepAuditor(Measurer measurer) {
        this.measurer = measurer;
    }

    @Override
    public long auditInside(Path image, Path auditSet, Path temporary, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        return new ImageContents(image, temporary, log).audit(auditSet);
    }

    @Override
    public void auditRelease(Path folder, Path auditSet, Map<Path, Measured> known) throws IOException {
        var entries = new ArrayList<AuditSet.Entry>();
        for (var name : ReleaseFiles.below(folder, ReleaseFiles.FILES)) {
            var measured = measured(folder, name, known);
            var digests = measured.digests();
            entries.add(new AuditSet.Entry(measured.size(), digests.md5(), digests.sha256(), name));
        }
        AuditSet.write(auditSet, List.of("hashdeep -r -l -a -k " + auditSet.getFileName() + " files"), entries);
    }

    @Override
    public void checksums(Path folder, Map<Path, Measured> known) throws IOException {
        var lines = new StringBuilder();
        for (var name : ReleaseFiles.toBeCovered(folder)) {
            lines.append(measured(folder, name, known).digests().sha256())
                    .append("  ")
                    .append(name)
                    .append('\n');
        }
        WholeFile.write(folder.resolve(ReleaseFiles.CHECKSUMS), lines.toString());
    }

    /** {@code known} may have absolute paths, or paths relative to the folder. */
    private Measured measured(Path folder, String name, Map<Path, Measured> known) throws IOException {
        var path = folder.resolve(name);
        var measured = known.getOrDefault(path, known.get(Path.of(name)));
        return measured == null ? measurer.measure(path) : measured;
    }
}
