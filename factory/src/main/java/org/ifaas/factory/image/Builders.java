package org.ifaas.factory.image;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** The builders that this factory has. */
public final class Builders {
    private final Map<String, Builder> byName = new TreeMap<>();

    public Builders(List<Builder> builders) {
        builders.forEach(builder -> byName.put(builder.name(), builder));
    }

    /** @throws StageFailure blaming the IMAGE when there is none of that name */
    public Builder of(String name) throws StageFailure {
        var builder = byName.get(name);
        if (builder == null) {
            throw new StageFailure(
                    Blame.IMAGE,
                    "builder: there is no builder " + name,
                    "Choose among " + String.join(", ", byName.keySet()) + ".");
        }
        return builder;
    }
}
