package org.ifaas.cli.view;

import java.io.PrintStream;
import java.util.Collection;
import org.ifaas.api.BuildView;
import org.ifaas.cli.Surroundings;

/** For programs: each event of the factory as it came, one a line; the last one of a build says how it ended. */
public final class JsonView implements View {
    private final PrintStream out;
    private final PrintStream err;

    public JsonView(Surroundings surroundings) {
        this.out = surroundings.out();
        this.err = surroundings.err();
    }

    @Override
    public void changed(BuildView build, String json) {
        out.println(json);
    }

    @Override
    public void tick() {}

    @Override
    public void note(String sentence) {
        err.println(sentence);
    }

    @Override
    public void ended(Collection<BuildView> builds) {}
}
