package org.ifaas.hosts.qemu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ifaas.hosts.local.Program;

/** The smallest image that boots: it overwrites the second sector of its disk, then speaks on the serial line. */
final class BootSector {
    static final String TEXT = "boot sector speaking\r\n";

    private BootSector() {}

    static Path image(Path folder) throws IOException, InterruptedException {
        var sector = ByteBuffer.allocate(1024 * 1024).order(ByteOrder.LITTLE_ENDIAN);
        sector.put(new byte[] {0x31, (byte) 0xc0, (byte) 0x8e, (byte) 0xd8, (byte) 0x8e, (byte) 0xc0}); // ds = es = 0
        sector.put((byte) 0xb8).putShort((short) 0x0301); // mov ax, write one sector
        sector.put((byte) 0xbb).putShort((short) 0x7c00); // mov bx, from this code
        sector.put((byte) 0xb9).putShort((short) 0x0002); // mov cx, to the second sector
        sector.put(new byte[] {(byte) 0xb6, 0}); // mov dh, 0
        sector.put(new byte[] {(byte) 0xcd, 0x13}); // int 13h
        sector.put((byte) 0xbe).putShort((short) 0x7c80); // mov si, text
        sector.put((byte) 0xba).putShort((short) 0x3f8); // mov dx, serial port
        sector.put(new byte[] {(byte) 0xac, (byte) 0x84, (byte) 0xc0}); // lodsb; test al, al
        sector.put(new byte[] {0x74, 3}); // jz end
        sector.put(new byte[] {(byte) 0xee, (byte) 0xeb, (byte) 0xf8}); // out dx, al; jmp lodsb
        sector.put(new byte[] {(byte) 0xeb, (byte) 0xfe}); // end: jmp to itself
        sector.put(0x80, TEXT.getBytes(StandardCharsets.US_ASCII)).putShort(510, (short) 0xaa55);
        var raw = Files.write(folder.resolve("sector.raw"), sector.array());
        var image = folder.resolve("image.qcow2");
        Program.of("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.toString(), image.toString())
                .check();
        return image;
    }
}
