package org.ifaas.store.sql;

import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Finds {@code :name} and {@code ?} in this module's own statements. Jdbi's own parser knows more SQL than we write, and
 * loads a hundred classes of a parser generator for it while the factory starts.
 */
final class PlainParser implements SqlParser {
    @Override
    public ParsedSql parse(String sql, StatementContext context) {
        var parsed = ParsedSql.builder();
        var at = 0;
        while (at < sql.length()) {
            var c = sql.charAt(at);
            if (c == '\'') {
                var end = sql.indexOf('\'', at + 1) + 1;
                parsed.append(sql.substring(at, end));
                at = end;
            } else if (c == '?') {
                parsed.appendPositionalParameter();
                at++;
            } else if (sql.startsWith("::", at)) {
                parsed.append("::");
                at += 2;
            } else if (c == ':') {
                var end = at + 1;
                while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
                    end++;
                }
                parsed.appendNamedParameter(sql.substring(at + 1, end));
                at = end;
            } else {
                var end = at + 1;
                while (end < sql.length() && "'?:".indexOf(sql.charAt(end)) < 0) {
                    end++;
                }
                parsed.append(sql.substring(at, end));
                at = end;
            }
        }
        return parsed.build();
    }

    @Override
    public String nameParameter(String rawName, StatementContext context) {
        return ":" + rawName;
    }
}
