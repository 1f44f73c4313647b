package org.ifaas.factory.suite;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ifaas.factory.pipeline.StageFailure;

/**
 * What tells one machine from another, and one boot from the next.
 *
 * @param hostKeys the public SSH host keys in base64, sorted
 */
public record Identity(String machineId, String bootId, List<String> hostKeys) {
    static final String SCRIPT = "identity";

    static Identity of(SuiteRun run) throws StageFailure, InterruptedException {
        return parse(run.output(SCRIPT + ".sh", Duration.ofMinutes(1)).text());
    }

    static Identity parse(String text) {
        var single = new TreeMap<String, String>();
        var keys = new TreeSet<String>();
        text.lines().limit(100).forEach(line -> {
            int equals = line.indexOf('=');
            if (line.startsWith("host_key=")) {
                keys.add(line.substring(equals + 1));
            } else if (equals > 0) {
                single.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return new Identity(
                single.getOrDefault("machine_id", ""), single.getOrDefault("boot_id", ""), List.copyOf(keys));
    }

    /** For scripts that compare: variables whose names begin so. */
    Map<String, String> parameters(String prefix) {
        return Map.of(
                prefix + "_MACHINE_ID", machineId,
                prefix + "_BOOT_ID", bootId,
                prefix + "_HOST_KEYS", String.join(" ", hostKeys));
    }
}
