package org.ifaas.cli.view;

import java.util.ArrayList;
import java.util.List;
import org.ifaas.api.StepView;
import org.jspecify.annotations.Nullable;

/** The steps of a release's certification as lines of text. */
public final class Certification {
    private Certification() {}

    public static List<String> lines(List<StepView> steps) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < steps.size(); i++) {
            lines.add((i == 0 ? "  Certify   " : "            ") + line(steps.get(i)));
        }
        return lines;
    }

    private static String line(StepView step) {
        var text = new StringBuilder(step.name() + ": " + Columns.clean(step.title()) + ", ");
        switch (step.state()) {
            case "OPEN" ->
                text.append("not confirmed").append(step.who().isEmpty() ? "" : " by " + Columns.clean(step.who()));
            case "CONFIRMED" -> text.append("confirmed by ").append(step.by());
            default -> text.append("refused by ").append(step.by());
        }
        if (step.note() != null && !step.note().isEmpty()) {
            text.append(" (").append(Columns.clean(step.note())).append(')');
        }
        if (step.evidence() != null) {
            text.append(", ").append(step.evidence());
        }
        return text.toString();
    }

    /** In a word or two, for a table; null when there is nothing to confirm. */
    public static @Nullable String summary(List<StepView> steps) {
        long open =
                steps.stream().filter(step -> !step.state().equals("CONFIRMED")).count();
        return steps.isEmpty() ? null : open == 0 ? "certified" : open + " of " + steps.size() + " open";
    }
}
