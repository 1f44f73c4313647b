package org.ifaas.factory.pipeline;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The facts of one build that stand, one of a type. */
public final class Facts {
    private final Map<Class<? extends Fact>, Fact> byType = new LinkedHashMap<>();

    public Facts(Collection<? extends Fact> facts) {
        facts.forEach(fact -> byType.put(fact.getClass(), fact));
    }

    public <F extends Fact> Optional<F> find(Class<F> type) {
        return Optional.ofNullable(type.cast(byType.get(type)));
    }

    public <F extends Fact> F get(Class<F> type) {
        return find(type).orElseThrow(() -> new IllegalStateException("no fact " + type.getSimpleName() + " stands"));
    }

    public boolean has(Class<? extends Fact> type) {
        return byType.containsKey(type);
    }

    public boolean hasAll(Set<Class<? extends Fact>> types) {
        return byType.keySet().containsAll(types);
    }

    public Collection<Fact> all() {
        return byType.values();
    }

    public Facts with(Fact fact) {
        var more = new Facts(byType.values());
        more.byType.put(fact.getClass(), fact);
        return more;
    }

    public Facts without(Set<Class<? extends Fact>> types) {
        var fewer = new Facts(byType.values());
        fewer.byType.keySet().removeAll(types);
        return fewer;
    }
}
