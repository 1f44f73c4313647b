package org.ifaas.cli.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.ifaas.api.BuildView;
import org.ifaas.cli.Terminal;

/** All builds on one screen: in full where there is room, else compact, else as many as fit. */
record Picture(Style style) {
    List<String> lines(Collection<BuildView> builds, Terminal.Size size, Instant now) {
        var lines = new BuildLines(style, size.columns());
        int room = size.rows() - 1;
        var full = new ArrayList<String>();
        for (var build : builds) {
            full.addAll(lines.full(build, now));
        }
        if (full.size() <= room) {
            return full;
        }
        var compact = new ArrayList<String>();
        builds.forEach(build -> compact.addAll(lines.compact(build, now)));
        if (compact.size() <= room) {
            return compact;
        }
        var bars = new ArrayList<String>();
        builds.forEach(build -> bars.add(lines.bar(build, now)));
        if (bars.size() <= room) {
            return bars;
        }
        int shown = Math.max(0, room - 1);
        var some = new ArrayList<>(bars.subList(0, shown));
        some.add("and " + (bars.size() - shown) + " more");
        return some;
    }
}
