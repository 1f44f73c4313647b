package org.ifaas.cli.view;

import java.io.PrintStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ifaas.api.BuildView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.Terminal;

/**
 * The stages on a terminal, rewritten in place: the cursor goes up over the last picture and every line is written over the
 * old one, all in one write, so that nothing flickers.
 */
public final class LiveView implements View {
    private static final long REDRAW_MILLIS = 500;

    private final Surroundings surroundings;
    private final PrintStream out;
    private final Style style;
    private final Map<String, BuildView> builds = new LinkedHashMap<>();
    private List<String> drawn = List.of();
    private Terminal.Size size;
    private boolean changed;
    private boolean paused;
    private long last;
    private volatile boolean resized;

    public LiveView(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.out = surroundings.out();
        this.style = Style.of(surroundings.terminal());
        this.size = surroundings.terminal().size();
    }

    /** May be called from a signal's thread. */
    public void resized() {
        resized = true;
    }

    @Override
    public void changed(BuildView build, String json) {
        builds.put(build.id(), build);
        changed = true;
    }

    @Override
    public void tick() {
        long now = surroundings.clock().millis();
        if (!paused && (changed || resized || now - last >= REDRAW_MILLIS)) {
            draw();
            last = now;
        }
    }

    @Override
    public void note(String sentence) {
        write(List.of(sentence), surroundings.terminal().size().columns());
        drawn = List.of();
        draw();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        // What was asked and answered stays; the picture goes on below it.
        drawn = List.of();
        draw();
    }

    @Override
    public void ended(Collection<BuildView> all) {
        if (!paused) {
            draw();
        }
        drawn = List.of();
        all.forEach(build -> new Outcome(surroundings, style).lines(build).forEach(out::println));
    }

    private void draw() {
        int columns = size.columns();
        if (resized) {
            resized = false;
            size = surroundings.terminal().size();
            columns = size.columns();
        }
        write(
                new Picture(style)
                        .lines(builds.values(), size, surroundings.clock().instant()),
                columns);
        changed = false;
    }

    private void write(List<String> lines, int columns) {
        var text = new StringBuilder();
        int up = drawn.stream().mapToInt(line -> rows(line, columns)).sum();
        if (up > 0) {
            text.append("\033[").append(up).append('A');
        }
        text.append('\r');
        lines.forEach(line -> text.append(line).append("\033[K\n"));
        text.append("\033[J");
        out.print(text);
        out.flush();
        drawn = lines;
    }

    /** A terminal that became narrower has broken the lines of the last picture. */
    private static int rows(String line, int columns) {
        int width = Columns.width(line.replaceAll("\033\\[[0-9;]*m", ""));
        return Math.max(1, (width + columns - 1) / columns);
    }
}
