package org.ifaas.server.api;

import java.util.function.UnaryOperator;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.source.Repository;

/** By which name an image is known that somebody names, with its repository in front or without. */
public final class ImageNames implements UnaryOperator<String> {
    private final Repository repository;
    private final Journal journal;

    public ImageNames(Repository repository, Journal journal) {
        this.repository = repository;
        this.journal = journal;
    }

    /** A name that a list may have shown means what it shows there; else what the repositories have counts. */
    @Override
    public String apply(String given) {
        if (!given.contains(":") || !journal.list(BuildSelection.of(given), 1).isEmpty()) {
            return given;
        }
        try {
            return repository.nameOf(given, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.stops();
        }
    }
}
