package org.ifaas.cli.factory;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.ifaas.api.ErrorView;
import org.ifaas.api.ErrorView.Wrong;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;

/** The factory answered with an error. */
public final class Refused extends Stop {
    private static final long serialVersionUID = 1L;

    private static final int UNAVAILABLE = 503;

    private final int status;
    private final transient ErrorView view;

    Refused(int status, ErrorView view) {
        this(status, view, UnaryOperator.identity());
    }

    private Refused(int status, ErrorView view, UnaryOperator<String> name) {
        super(status < 500 ? ExitCode.USAGE : ExitCode.UNREACHABLE, error(view, name), mend(view, name));
        this.view = view;
        this.status = status;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Whether that field of the request is what was wrong. */
    boolean isOf(String name) {
        return name.equals(view.field());
    }

    /** What it leans on is away: it will answer when that is back. */
    public boolean isForNow() {
        return status == UNAVAILABLE;
    }

    /** @param name what the user calls a field of the interface's JSON */
    public Refused named(UnaryOperator<String> name) {
        return new Refused(status, view, name);
    }

    private static String error(ErrorView view, UnaryOperator<String> name) {
        var several = errors(view);
        return several.size() > 1
                ? several.size() + " things are wrong with that:"
                : sentence(new Wrong(view.detail(), view.field(), view.value(), ""), name);
    }

    private static String mend(ErrorView view, UnaryOperator<String> name) {
        var several = errors(view);
        if (several.size() > 1) {
            return several.stream()
                    .map(wrong -> sentence(wrong, name) + "\n  " + wrong.mend())
                    .collect(Collectors.joining("\n"));
        }
        return view.mend() == null ? "" : view.mend();
    }

    /** Factories of earlier versions send none. */
    private static List<Wrong> errors(ErrorView view) {
        return view.errors() == null ? List.of() : view.errors();
    }

    /** Much of what is wrong is said to be read behind the field and its value; the rest is a sentence of its own. */
    private static String sentence(Wrong wrong, UnaryOperator<String> name) {
        if (wrong.field() == null) {
            return wrong.detail();
        }
        var field = name.apply(wrong.field());
        // An option that says no stands for the value already.
        var value = wrong.value() == null || field.startsWith("--no-") ? "" : wrong.value();
        return wrong.detail().matches("(is|has|can't|leaves|hears) .*")
                ? field + (value.isEmpty() ? "" : " " + value) + " " + wrong.detail()
                : wrong.detail() + " (" + field + (wrong.value() == null ? "" : ": " + value) + ")";
    }
}
