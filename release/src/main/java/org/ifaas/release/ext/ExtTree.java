package org.ifaas.release.ext;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** All plain files of a file system, found by walking its folders. Symbolic links, devices, pipes and sockets are no files. */
public final class ExtTree {
    private static final int MOST_NAMES = 5_000_000;
    private static final int LONGEST_PATH = 64 * 1024;

    private final ExtFileSystem fileSystem;
    /** Each inode once, however many names it has. */
    private final Map<Long, Inode> inodes = new HashMap<>();

    private final List<Name> names = new ArrayList<>();

    private record Folder(String path, Inode inode) {}

    /**
     * @param path from the file system's root, without a leading {@code /}; its bytes, one a character
     * @param inode the file's number; hard links share it
     */
    public record Name(String path, long inode) {}

    private ExtTree(ExtFileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    public static ExtTree of(ExtFileSystem fileSystem) throws IOException {
        var tree = new ExtTree(fileSystem);
        tree.walk();
        return tree;
    }

    public List<Name> names() {
        return names;
    }

    Map<Long, Inode> inodes() {
        return inodes;
    }

    /** Whether the root has a folder of that name. */
    public static boolean rootHasFolder(ExtFileSystem fileSystem, String name) throws IOException {
        for (var entry : FolderEntry.of(fileSystem, fileSystem.inode(Inode.ROOT))) {
            if (entry.name().equals(name)) {
                return fileSystem.inode(entry.inode()).isFolder();
            }
        }
        return false;
    }

    private void walk() throws IOException {
        var seen = new HashSet<Long>();
        var folders = new ArrayDeque<Folder>();
        folders.push(new Folder("", fileSystem.inode(Inode.ROOT)));
        var count = 0;
        while (!folders.isEmpty()) {
            var folder = folders.pop();
            if (!folder.inode().isFolder() || !seen.add(folder.inode().number())) {
                throw new DamagedFileSystem(
                        "folder %d is found twice".formatted(folder.inode().number()));
            }
            for (var entry : FolderEntry.of(fileSystem, folder.inode())) {
                var path = folder.path() + entry.name();
                if (++count > MOST_NAMES || path.length() > LONGEST_PATH) {
                    throw new DamagedFileSystem("it has more names, or longer ones, than any image needs");
                }
                var known = inodes.get(entry.inode());
                var inode = known == null ? fileSystem.inode(entry.inode()) : known;
                if (inode.isFolder()) {
                    folders.push(new Folder(path + "/", inode));
                } else if (inode.isFile()) {
                    inodes.put(inode.number(), inode);
                    names.add(new Name(path, inode.number()));
                }
            }
        }
    }
}
