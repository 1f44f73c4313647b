package org.ifaas.factory.host;

import java.util.List;
import java.util.Map;

/**
 * A command for a build host: an argument vector, never a shell string.
 *
 * @param directory where it runs; an absolute path
 */
public record Command(List<String> argv, Map<String, String> environment, String directory) {
    public static Command of(String... argv) {
        return new Command(List.of(argv), Map.of(), "/");
    }
}
