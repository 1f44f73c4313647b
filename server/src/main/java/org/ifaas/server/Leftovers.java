package org.ifaas.server;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;

/** Folders of builds that a crash left after their end. */
final class Leftovers {
    private Leftovers() {}

    /** Whether the folder's build has ended and keeps no host. */
    static boolean isOver(Path folder, Journal journal) {
        try {
            var id = new BuildId(folder.getFileName().toString());
            var ended = journal.find(id).map(build -> build.state().ended()).orElse(false);
            var keptUntil = journal.facts(id).find(HostDestroyed.class).map(HostDestroyed::keptUntil);
            return ended && keptUntil.isEmpty();
        } catch (IllegalArgumentException notABuild) {
            return false;
        }
    }

    static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, java.io.IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
