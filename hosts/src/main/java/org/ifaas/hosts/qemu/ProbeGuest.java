package org.ifaas.hosts.qemu;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The smallest guest that shows whether a Linux kernel reaches user space: an initramfs with one program, which says
 * {@link #GREETING} and switches the machine off.
 */
final class ProbeGuest {
    static final String GREETING = "image factory: user space reached\n";

    private static final int BASE = 0x400000;
    private static final int HEADERS = 64 + 56;
    private static final int REGULAR = 0100755;
    private static final int DIRECTORY = 0040755;
    private static final int CHARACTER_DEVICE = 0020600;

    private ProbeGuest() {}

    /** A cpio archive in the "newc" form, as the kernel unpacks it. */
    static byte[] initramfs() {
        var archive = new ByteArrayOutputStream();
        entry(archive, "dev", DIRECTORY, 0, 0, new byte[0]);
        // The kernel opens it as the first program's output.
        entry(archive, "dev/console", CHARACTER_DEVICE, 5, 1, new byte[0]);
        entry(archive, "init", REGULAR, 0, 0, init());
        entry(archive, "TRAILER!!!", 0, 0, 0, new byte[0]);
        return archive.toByteArray();
    }

    private static void entry(ByteArrayOutputStream to, String name, int mode, int major, int minor, byte[] content) {
        var bytes = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        to.writeBytes("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x"
                .formatted(0, mode, 0, 0, 1, 0, content.length, 0, 0, major, minor, bytes.length, 0)
                .getBytes(StandardCharsets.US_ASCII));
        to.writeBytes(bytes);
        pad(to);
        to.writeBytes(content);
        pad(to);
    }

    private static void pad(ByteArrayOutputStream to) {
        while (to.size() % 4 != 0) {
            to.write(0);
        }
    }

    /** A static x86-64 ELF program of one segment. */
    static byte[] init() {
        var code = code();
        var greeting = GREETING.getBytes(StandardCharsets.US_ASCII);
        int size = HEADERS + code.length + greeting.length;
        var elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        elf.putShort((short) 2).putShort((short) 62).putInt(1); // executable, x86-64
        elf.putLong(BASE + HEADERS).putLong(64).putLong(0).putInt(0); // entry, program headers, no sections
        elf.putShort((short) 64).putShort((short) 56).putShort((short) 1).putShort((short) 64);
        elf.position(64);
        elf.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE); // load the file, readable and executable
        elf.putLong(size).putLong(size).putLong(0x1000);
        return elf.put(code).put(greeting).array();
    }

    private static byte[] code() {
        var code = ByteBuffer.allocate(51).order(ByteOrder.LITTLE_ENDIAN);
        code.put((byte) 0xb8).putInt(1); // mov eax, write
        code.put((byte) 0xbf).putInt(1); // mov edi, standard output
        code.put(new byte[] {0x48, (byte) 0x8d, 0x35}).putInt(code.capacity() - 17); // lea rsi, [greeting]
        code.put((byte) 0xba).putInt(GREETING.length()); // mov edx, length
        code.putShort((short) 0x050f); // syscall
        code.put((byte) 0xb8).putInt(169); // mov eax, reboot
        code.put((byte) 0xbf).putInt(0xfee1dead);
        code.put((byte) 0xbe).putInt(0x28121969);
        code.put((byte) 0xba).putInt(0x4321fedc); // power off
        code.put(new byte[] {0x45, 0x31, (byte) 0xd2}); // xor r10d, r10d
        code.putShort((short) 0x050f); // syscall
        return code.putShort((short) 0xfeeb).array(); // jmp to itself
    }
}
