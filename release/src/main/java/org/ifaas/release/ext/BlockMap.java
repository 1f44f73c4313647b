package org.ifaas.release.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Where the blocks of one file lie: by an extent tree (ext4), or by direct and indirect block numbers (ext2, ext3). */
final class BlockMap {
    private static final int EXTENT_MAGIC = 0xF30A;
    private static final int MOST_DEPTH = 5;
    private static final int LONGEST_WRITTEN = 32768;
    private static final int DIRECT = 12;

    private final ExtFileSystem fileSystem;
    private final Inode inode;
    private final List<Run> runs = new ArrayList<>();
    /** One behind the last logical block seen: numbers that don't grow would be a bomb. */
    private long next;

    private final long end;

    private BlockMap(ExtFileSystem fileSystem, Inode inode) {
        this.fileSystem = fileSystem;
        this.inode = inode;
        this.end = (inode.size() + fileSystem.blockBytes() - 1) / fileSystem.blockBytes();
    }

    /** In the file's order. */
    static List<Run> of(ExtFileSystem fileSystem, Inode inode) throws IOException {
        var map = new BlockMap(fileSystem, inode);
        if (inode.hasExtents()) {
            map.extents(inode.blockMap(), MOST_DEPTH + 1);
        } else {
            map.blockNumbers();
        }
        return map.runs;
    }

    private void extents(ByteBuffer node, int above) throws IOException {
        var entries = Short.toUnsignedInt(node.getShort(2));
        var depth = Short.toUnsignedInt(node.getShort(6));
        if (Short.toUnsignedInt(node.getShort(0)) != EXTENT_MAGIC
                || 12 + entries * 12 > node.limit()
                || depth >= above) {
            throw damaged("a broken extent tree");
        }
        for (var at = 12; at < 12 + entries * 12; at += 12) {
            var logical = Integer.toUnsignedLong(node.getInt(at));
            if (logical < next) {
                throw damaged("extents out of order");
            }
            if (depth > 0) {
                var child = Integer.toUnsignedLong(node.getInt(at + 4))
                        | (long) Short.toUnsignedInt(node.getShort(at + 8)) << 32;
                var before = next;
                extents(fileSystem.block(child), depth);
                next = Math.max(next, before + 1);
                continue;
            }
            var length = Short.toUnsignedInt(node.getShort(at + 4));
            var physical = Integer.toUnsignedLong(node.getInt(at + 8))
                    | (long) Short.toUnsignedInt(node.getShort(at + 6)) << 32;
            if (length <= LONGEST_WRITTEN) {
                add(logical, physical, length);
            } // a longer one is allocated but not written, and reads as zeros
            next = logical + Math.max(1, length > LONGEST_WRITTEN ? length - LONGEST_WRITTEN : length);
        }
    }

    private void blockNumbers() throws IOException {
        for (var i = 0; i < DIRECT && next < end; i++, next++) {
            addNumber(Integer.toUnsignedLong(inode.blockMap().getInt(4 * i)));
        }
        for (var level = 1; level <= 3 && next < end; level++) {
            indirect(Integer.toUnsignedLong(inode.blockMap().getInt(4 * (DIRECT + level - 1))), level);
        }
    }

    private void indirect(long block, int level) throws IOException {
        var numbers = fileSystem.blockBytes() / 4;
        if (block == 0) {
            next += Math.powExact((long) numbers, level);
            return;
        }
        var table = fileSystem.block(block);
        for (var i = 0; i < numbers && next < end; i++) {
            var number = Integer.toUnsignedLong(table.getInt(4 * i));
            if (level > 1) {
                indirect(number, level - 1);
            } else {
                addNumber(number);
                next++;
            }
        }
    }

    private void addNumber(long physical) throws DamagedFileSystem {
        if (physical != 0) {
            add(next, physical, 1);
        }
    }

    private void add(long logical, long physical, long blocks) throws DamagedFileSystem {
        if (physical <= 0 || blocks > fileSystem.blocks() - physical) {
            throw damaged("blocks beyond the end of its file system");
        }
        var last = runs.isEmpty() ? null : runs.getLast();
        if (last != null && last.logical() + last.blocks() == logical && last.physical() + last.blocks() == physical) {
            runs.set(runs.size() - 1, new Run(last.logical(), last.physical(), last.blocks() + blocks));
        } else {
            runs.add(new Run(logical, physical, blocks));
        }
    }

    private DamagedFileSystem damaged(String what) {
        return new DamagedFileSystem("inode %d has %s".formatted(inode.number(), what));
    }
}
