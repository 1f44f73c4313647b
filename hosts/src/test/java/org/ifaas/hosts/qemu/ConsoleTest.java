package org.ifaas.hosts.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.ifaas.hosts.local.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {
    private static final int MIB = 1024 * 1024;

    @TempDir
    Path scratch;

    @Test
    void aGuestThatNeverStopsTalkingFillsTwoMebibytesAndItsLastWordsAreKept() throws Exception {
        var console = keep("yes talk | head -c 10500000; echo last words");

        assertThat(Files.size(scratch.resolve("one/console.old"))).isEqualTo(MIB);
        assertThat(Files.size(scratch.resolve("one/console.log"))).isLessThan(MIB);
        assertThat(console).hasSize(MIB).endsWith("talk\nlast words\n");
    }

    @Test
    void whatExactlyFillsTheLimitIsKept() throws Exception {
        var console = keep("head -c 1048571 /dev/zero | tr '\\0' x; echo end.");

        assertThat(console).hasSize(MIB).endsWith("xend.\n");
    }

    @Test
    void aThousandShortLinesOneByOneAreAllKept() throws Exception {
        var console = keep("i=0; while [ $i -lt 1000 ]; do i=$((i + 1)); echo $i; done");

        assertThat(console.lines()).hasSize(1000).endsWith("1000");
    }

    @Test
    void aFewWordsAreKeptAsTheyAre() throws Exception {
        assertThat(keep("echo login:")).isEqualTo("login:\n");
    }

    private String keep(String talk) throws Exception {
        var home = Files.createDirectory(scratch.resolve("one"));
        Resources.copy("console.sh", home.resolve("console.sh"));
        Program.of("sh", "-c", "{ " + talk + "; } | sh ./console.sh").in(home).check();
        return new Machines(scratch, QemuPolicy.defaults()).console("one");
    }
}
