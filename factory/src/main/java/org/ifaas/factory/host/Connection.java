package org.ifaas.factory.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** A connection to one machine. Failures of the link blame the HOST. */
public interface Connection extends AutoCloseable {

    /** Runs a short command to its end and returns its exit code; standard output and error go to the log, merged. */
    int run(Command command, StageLog log, Duration limit) throws StageFailure, InterruptedException;

    /** Runs a short command that must exit 0 and returns its standard output; the most it may print is 8 MiB. */
    String read(Command command, Duration limit) throws StageFailure, InterruptedException;

    /**
     * Runs a long command and returns its exit code. It runs detached, in a session of its own, with its output in a log
     * file on the machine, followed from offset to offset: a cut link or a restarted factory re-attaches. When a command of
     * that id has been started on the machine already, it is not started again, but followed from where the log has come to.
     * An interrupt leaves it running. When the limit is over its process group is ended.
     *
     * @throws StageFailure blaming the IMAGE when the limit is over, the HOST when the machine is gone
     */
    int follow(String id, Command command, StageLog log, Duration limit) throws StageFailure, InterruptedException;

    /** Ends the process groups of all commands that {@link #follow} has started and that still run. */
    void endAll() throws StageFailure, InterruptedException;

    /** Writes a file, making its folder where it is missing. */
    void upload(InputStream content, String path, int mode) throws StageFailure, InterruptedException;

    /**
     * Copies a file from the machine, at most {@code limit} bytes.
     *
     * @throws StageFailure blaming the IMAGE when there is no such regular file or it is larger
     * @throws IOException when {@code to} can't be written
     */
    void download(String path, OutputStream to, long limit) throws StageFailure, IOException, InterruptedException;

    /** A command line with which a person reaches the machine. */
    String commandLine();

    @Override
    void close();
}
