package org.ifaas.factory.publish;

import java.util.List;
import org.ifaas.factory.pipeline.BuildId;

/** The durable confirmations; how they came to be is in the audit log. */
public interface Confirmations {
    /** Takes the place of what was said before of the same step of the same build. */
    void record(Confirmation confirmation);

    /** By step. */
    List<Confirmation> of(BuildId build);
}
