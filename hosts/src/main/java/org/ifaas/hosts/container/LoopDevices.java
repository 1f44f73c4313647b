package org.ifaas.hosts.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.ifaas.hosts.local.Program;

/**
 * The loop devices that a host has left attached. They are the machine's, not the container's, and outlive it. A path
 * would not tell whose they are; the device number of the file behind it does: it is that of the host's own mount, which
 * stays as long as a loop device holds it.
 */
final class LoopDevices {
    private LoopDevices() {}

    /**
     * @param device major and minor number of the file system of the file behind it
     * @param inode of that file
     */
    record Loop(String name, long inode, String device) {}

    /** Not with {@code --raw}: that writes the column's padding as {@code \x20} into the numbers. */
    static List<Loop> list() throws IOException, InterruptedException {
        var text = Program.of("losetup", "--list", "--noheadings", "--output", "NAME,BACK-INO,BACK-MAJ:MIN")
                .read(1 << 20);
        return parse(text);
    }

    static List<Loop> parse(String text) {
        var loops = new ArrayList<Loop>();
        for (var line : text.lines().toList()) {
            var words = line.strip().split("\\s+");
            if (words.length == 3 && words[1].matches("\\d+")) {
                loops.add(new Loop(words[0], Long.parseLong(words[1]), words[2]));
            }
        }
        return loops;
    }

    /** Detaches all whose file lies on one of these file systems. */
    static void detach(Set<String> devices) throws IOException, InterruptedException {
        // Loop devices may stand on each other, and partitions go a moment later.
        for (int round = 0; round < 50; round++) {
            var left = list().stream()
                    .filter(loop -> devices.contains(loop.device()))
                    .toList();
            if (left.isEmpty()) {
                return;
            }
            for (var loop : left) {
                Program.of("partx", "--delete", loop.name()).run();
                Program.of("losetup", "--detach", loop.name()).run();
            }
            Thread.sleep(50);
        }
        throw new IOException("loop devices of the host are still in use: " + list());
    }
}
