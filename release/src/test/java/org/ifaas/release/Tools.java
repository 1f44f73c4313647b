package org.ifaas.release;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ifaas.release.program.Program;

/** Real programs for tests. */
public final class Tools {
    private Tools() {}

    public static Program.Ended run(Path folder, String... command) throws Exception {
        // e2fsprogs lie in sbin, which a plain user's PATH does not have; env looks programs up by what it is given.
        var path = System.getenv("PATH") + ":/usr/sbin:/sbin";
        var whole = new ArrayList<>(List.of("env"));
        whole.addAll(List.of(command));
        return Program.run(folder, Map.of("PATH", path), whole);
    }

    public static String must(Path folder, String... command) throws Exception {
        var ended = run(folder, command);
        if (!ended.well()) {
            throw new AssertionError(String.join(" ", command) + "\n" + ended.text());
        }
        return ended.output();
    }
}
