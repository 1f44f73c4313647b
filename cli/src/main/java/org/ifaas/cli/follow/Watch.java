package org.ifaas.cli.follow;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import org.ifaas.api.BuildView;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Connection;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.factory.Refused;
import org.ifaas.cli.factory.Rest;

/** Reads the events of one build to the end, across restarts of the factory. */
final class Watch implements Runnable {
    private static final int ATTEMPTS = 20;

    private final String id;
    private final Connection connection;
    private final BlockingQueue<Message> to;
    private int attempts;
    private boolean ended;

    Watch(String id, Connection connection, BlockingQueue<Message> to) {
        this.id = id;
        this.connection = connection;
        this.to = to;
    }

    static boolean ended(BuildView build) {
        return !build.state().equals("QUEUED") && !build.state().equals("RUNNING");
    }

    @Override
    public void run() {
        try {
            var rest = connection.rest();
            while (!readToEnd(rest)) {
                if (++attempts > ATTEMPTS) {
                    throw new Stop(
                            ExitCode.UNREACHABLE,
                            "the factory ends the events of build " + id + " too early",
                            "Look at it later: 'ifaas show " + id + "'.");
                }
                rest = connection.again(rest, sentence -> to.add(new Message.Noted(sentence)));
            }
        } catch (Stop stop) {
            to.add(new Message.Broken(stop));
        } catch (IOException e) {
            to.add(new Message.Broken(
                    new Stop(ExitCode.UNREACHABLE, "can't follow build " + id + ": " + e.getMessage(), "")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean readToEnd(Rest rest) {
        try {
            rest.events(Address.of("builds", id, "events"), this::event);
        } catch (IOException e) {
            // The factory went away in the middle; whoever calls looks for it.
        } catch (Refused e) {
            if (!e.isForNow()) {
                throw e;
            }
        }
        return ended;
    }

    private void event(String json) {
        var build = Json.read(json, BuildView.class);
        attempts = 0;
        ended = ended(build);
        to.add(new Message.Changed(build, json));
    }
}
