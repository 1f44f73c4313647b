package org.ifaas.factory.handover;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** The factory fetches the file over its connection to the host; nothing lies on the way. */
public final class OverSsh implements Handover {
    public static final String NAME = "ssh";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> packages() {
        return List.of();
    }

    @Override
    public Availability availability() {
        return new Availability(true, "over the connection to the host", "");
    }

    @Override
    public void take(BuiltFile file, OutputStream to, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        file.connection().download(file.path(), to, file.most());
    }

    @Override
    public List<String> list() {
        return List.of();
    }

    @Override
    public void remove(String host) {}
}
