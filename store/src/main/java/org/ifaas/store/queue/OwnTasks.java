package org.ifaas.store.queue;

import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import java.util.Collection;
import java.util.stream.Collectors;

/** Looks for the tasks of these names alone: a table of chores holds those of other nodes too, which only they can do. */
final class OwnTasks extends PostgreSqlJdbcCustomization {
    private final String condition;

    OwnTasks(Collection<String> names) {
        super(false, false);
        this.condition = names.stream()
                .map(name -> "'" + name.replace("'", "''") + "'")
                .collect(Collectors.joining(", ", " and task_name in (", ")"));
    }

    @Override
    public String createSelectDueQuery(String table, int limit, String more, boolean byPriority) {
        return super.createSelectDueQuery(table, limit, more + condition, byPriority);
    }
}
