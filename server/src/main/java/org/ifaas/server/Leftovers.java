package org.ifaas.server;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.StageFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folders of builds that have ended and keep no host: a crash after the last stage, or a kept host that is gone. */
record Leftovers(List<Path> folders, Journal journal, BuildHosts hosts, Names names) {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    void remove() {
        folders.stream().distinct().filter(Files::isDirectory).forEach(this::remove);
    }

    private void remove(Path folders) {
        try (var all = Files.newDirectoryStream(folders)) {
            var withHost = buildsWithHost();
            for (var folder : all) {
                if (isOver(folder.getFileName().toString(), withHost)) {
                    delete(folder);
                }
            }
        } catch (StageFailure e) {
            LOG.warn("folders of ended builds stay until all hosts can be listed: {} {}", e.getMessage(), e.mend());
        } catch (IOException e) {
            LOG.warn("folders of ended builds: {}", e.toString());
        }
    }

    private Set<BuildId> buildsWithHost() throws StageFailure {
        var builds = new HashSet<BuildId>();
        for (var provider : hosts.all()) {
            provider.list().forEach(name -> names.buildOf(name).ifPresent(builds::add));
        }
        return builds;
    }

    private boolean isOver(String name, Set<BuildId> withHost) {
        try {
            var id = new BuildId(name);
            return !withHost.contains(id)
                    && journal.find(id).map(build -> build.state().ended()).orElse(false);
        } catch (IllegalArgumentException notABuild) {
            return false;
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
