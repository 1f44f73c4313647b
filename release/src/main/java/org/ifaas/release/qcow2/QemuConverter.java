package org.ifaas.release.qcow2;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.ifaas.factory.image.Converter;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.release.program.Program;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Converts by {@code qemu-img}, with explicit formats and absolute paths. Blocks of zeros take no space. */
public final class QemuConverter implements Converter {
    private static final long MIB = 1 << 20;
    private static final int STEP = 10;
    private static final Pattern PROGRESS = Pattern.compile("\\(([0-9]{1,3})\\.[0-9]+/100%\\)");

    @Override
    public void convert(Path qcow2, DiskFormat format, Path to, StageLog log)
            throws StageFailure, InterruptedException {
        var folder = requireNonNull(to.toAbsolutePath().getParent());
        try {
            checkSpace(qcow2, format, folder);
            log.line("converting %s to %s", qcow2.getFileName(), format.word());
            var ended = Program.hear(folder, command("convert", "-p", qcow2, format, to), progress(format, log));
            if (!ended.well()) {
                throw failure(qcow2, format, folder, ended);
            }
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "qemu-img can't be run: " + e.getMessage(),
                    "Install it: 'ifaas doctor' says where it comes from.",
                    e);
        }
    }

    private static List<String> command(String what, String option, Path qcow2, DiskFormat format, Path... to) {
        var command = new ArrayList<>(List.of("qemu-img", what, option, "-f", "qcow2", "-O", format.word(), "--"));
        command.add(qcow2.toAbsolutePath().toString());
        for (var file : to) {
            command.add(file.toAbsolutePath().toString());
        }
        return command;
    }

    private static void checkSpace(Path qcow2, DiskFormat format, Path folder)
            throws StageFailure, IOException, InterruptedException {
        var ended = Program.run(folder, Map.of(), command("measure", "--output=json", qcow2, format));
        if (!ended.well()) {
            throw failure(qcow2, format, folder, ended);
        }
        long needed = required(ended.output());
        long free = Files.getFileStore(folder).getUsableSpace();
        if (needed > free) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "%s needs %d MiB in %s for a while, and %d MiB are free there"
                            .formatted(format.word(), needed / MIB, folder, free / MIB),
                    "Make space there, then 'ifaas retry'.");
        }
    }

    private static long required(String json) throws IOException {
        try {
            return JsonMapper.shared().readTree(json).path("required").asLong();
        } catch (JacksonException e) {
            throw new IOException("it does not say how much space is needed: " + e.getMessage(), e);
        }
    }

    /** Every tenth is news enough. */
    private static Consumer<String> progress(DiskFormat format, StageLog log) {
        var said = new int[] {0};
        return line -> {
            var matcher = PROGRESS.matcher(line);
            int percent = matcher.find() ? Integer.parseInt(matcher.group(1)) / STEP * STEP : 0;
            if (percent > said[0]) {
                said[0] = percent;
                log.line("converting to %s: %d %%", format.word(), percent);
            }
        };
    }

    private static StageFailure failure(Path qcow2, DiskFormat format, Path folder, Program.Ended ended) {
        return new StageFailure(
                ended.errors().contains("No space left") ? Blame.FACTORY : Blame.IMAGE,
                "qemu-img can't convert %s to %s: %s"
                        .formatted(
                                qcow2.getFileName(),
                                format.word(),
                                ended.errors().strip()),
                "Check the free space in %s, and the image by qemu-img check.".formatted(folder));
    }
}
