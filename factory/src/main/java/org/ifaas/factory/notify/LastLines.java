package org.ifaas.factory.notify;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.text.Coloured;

/** The end of a stage's log, without colours and what was overwritten. */
final class LastLines {
    private static final int MOST_CHARACTERS = 500;

    private LastLines() {}

    static List<String> of(Logs logs, BuildId build, int attempt, StageName stage, int most)
            throws InterruptedException {
        var last = new ArrayDeque<String>();
        var open = "";
        long offset = 0;
        while (true) {
            var chunk = logs.read(build, attempt, stage, offset, Duration.ZERO);
            if (chunk.text().isEmpty()) {
                break;
            }
            offset = chunk.next();
            var text = open + chunk.text();
            int whole = text.lastIndexOf('\n') + 1;
            Coloured.plain(text.substring(0, whole)).lines().forEach(line -> keep(last, line, most));
            open = text.substring(whole);
        }
        if (!open.isEmpty()) {
            keep(last, Coloured.plain(open), most);
        }
        return List.copyOf(last);
    }

    private static void keep(ArrayDeque<String> last, String line, int most) {
        last.add(line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + " …");
        if (last.size() > most) {
            last.remove();
        }
    }
}
