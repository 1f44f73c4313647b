package org.ifaas.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.view.Amounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description = "Write a back-up of the factory's database to a file; `ifaas restore` reads it.")
final class BackupCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Parameters(paramLabel = "FILE", description = "Where to; replaced only when the back-up is whole.")
    private Path file = Path.of("");

    BackupCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var target = file.toAbsolutePath();
        var rest = query.rest();
        var part = Files.createTempFile(
                target.getParent(),
                "." + target.getFileName(),
                ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (var to = Files.newOutputStream(part)) {
                rest.download(Address.of("backup"), to);
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        surroundings.out().println("Wrote " + target + ", " + Amounts.size(Files.size(target)));
        return 0;
    }
}
