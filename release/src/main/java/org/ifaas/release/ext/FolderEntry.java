package org.ifaas.release.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A name in a folder.
 *
 * @param name its bytes, one a character
 */
record FolderEntry(String name, long inode) {
    /** Without {@code .} and {@code ..}. The index of a big folder (htree) hides in entries without an inode. */
    static List<FolderEntry> of(ExtFileSystem fileSystem, Inode folder) throws IOException {
        var content = fileSystem.content(folder);
        var blockBytes = fileSystem.blockBytes();
        var entries = new ArrayList<FolderEntry>();
        for (var at = 0; at + 8 <= content.limit(); ) {
            var length = Short.toUnsignedInt(content.getShort(at + 4));
            // Blocks of 64 KiB don't fit into the field.
            var bytes = blockBytes == 65536 && (length == 0 || length == 65535) ? 65536 : length;
            var nameBytes = Byte.toUnsignedInt(content.get(at + 6));
            if (bytes < 8 || bytes % 4 != 0 || at % blockBytes + bytes > blockBytes || nameBytes + 8 > bytes) {
                throw damaged(folder, "a broken list of names");
            }
            var inode = Integer.toUnsignedLong(content.getInt(at));
            if (inode != 0) {
                add(entries, folder, name(content, at + 8, nameBytes), inode);
            }
            at += bytes;
        }
        return entries;
    }

    private static void add(List<FolderEntry> entries, Inode folder, String name, long inode) throws DamagedFileSystem {
        if (name.equals(".") || name.equals("..")) {
            return;
        }
        if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
            throw damaged(folder, "a name that Linux doesn't allow");
        }
        entries.add(new FolderEntry(name, inode));
    }

    private static String name(ByteBuffer content, int at, int bytes) {
        return new String(content.array(), content.arrayOffset() + at, bytes, StandardCharsets.ISO_8859_1);
    }

    private static DamagedFileSystem damaged(Inode folder, String what) {
        return new DamagedFileSystem("folder %d has %s".formatted(folder.number(), what));
    }
}
