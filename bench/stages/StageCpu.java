import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Divides the CPU time of a factory among the stages of some of its builds: {@code StageCpu RECORDING INTERVALS}. The recording
 * has JFR's {@code jdk.CPUTimeSample} events; the intervals are lines {@code build stage from to}, in seconds since 1970.
 *
 * <p>A stage runs in a virtual thread of its name. What other threads do while one stage runs is that stage's too (SSH's
 * threads, those of digests); while several run, it is divided equally. Work whose stack shows a digest, a cipher or a copy is
 * per byte. Prints a line a stage: name, own milliseconds and milliseconds per byte, as the mean of all builds; then what no
 * stage ran for.
 */
class StageCpu {
    private enum Work {
        OWN,
        PER_BYTE
    }

    /** Beginnings of class names. */
    private static final List<String> PER_BYTE = List.of(
            "sun.security.provider.MD5",
            "sun.security.provider.SHA",
            "sun.security.provider.DigestBase",
            "com.sun.crypto.provider.",
            "javax.crypto.Cipher",
            "org.ifaas.release.digest.",
            "org.ifaas.release.ext.ExtDigests",
            "org.ifaas.hosts.ssh.Transfer",
            "org.ifaas.storage.StoredBytes",
            "org.ifaas.storage.DirectoryCreation");

    /** Threads that serve nobody's stage in particular, by what is in their names. */
    private static final Map<String, String> SHARED = Map.of(
            "db-scheduler", "the queue's heartbeat",
            "builds-due", "the queue's heartbeat",
            "chore", "chores",
            "WebServer socket", "who follows it",
            "HikariPool", "connections to PostgreSQL",
            "VirtualThread-unparker", "the JVM's own threads",
            "JFR", "the recording");

    private record Interval(String build, String stage, Instant from, Instant to) {
        boolean holds(Instant time) {
            return !time.isBefore(from) && time.isBefore(to);
        }
    }

    private final List<Interval> intervals;
    private final Map<String, Map<Work, Double>> millis = new HashMap<>();
    private final Map<String, Double> others = new TreeMap<>();

    private StageCpu(List<Interval> intervals) {
        this.intervals = intervals;
    }

    public static void main(String[] arguments) throws IOException {
        var intervals = new ArrayList<Interval>();
        for (var line : Files.readAllLines(Path.of(arguments[1]))) {
            var words = line.split(" ");
            intervals.add(new Interval(words[0], words[1], instant(words[2]), instant(words[3])));
        }
        var cpu = new StageCpu(intervals);
        try (var recording = new RecordingFile(Path.of(arguments[0]))) {
            while (recording.hasMoreEvents()) {
                var event = recording.readEvent();
                if (event.getEventType().getName().equals("jdk.CPUTimeSample")) {
                    cpu.add(event);
                }
            }
        }
        cpu.print();
    }

    private static Instant instant(String seconds) {
        return Instant.ofEpochMilli(Math.round(Double.parseDouble(seconds) * 1000));
    }

    private void add(RecordedEvent event) {
        var running = intervals.stream()
                .filter(interval -> interval.holds(event.getStartTime()))
                .toList();
        double spent = event.getDuration("samplingPeriod").toNanos() / 1e6;
        var thread = event.getThread("eventThread");
        var name = thread == null || thread.getJavaName() == null ? "" : thread.getJavaName();
        var mine = running.stream().filter(interval -> interval.stage().equals(name)).toList();
        if (!mine.isEmpty()) {
            give(mine, work(event), spent);
        } else if (!running.isEmpty() && SHARED.keySet().stream().noneMatch(name::contains)) {
            give(running, work(event), spent);
        } else if (running.isEmpty() == intervals.isEmpty()) {
            others.merge(shared(name), spent, Double::sum);
        }
    }

    private void give(List<Interval> to, Work work, double spent) {
        for (var interval : to) {
            millis.computeIfAbsent(interval.stage(), stage -> new EnumMap<>(Work.class))
                    .merge(work, spent / to.size(), Double::sum);
        }
    }

    private static Work work(RecordedEvent event) {
        var stack = event.getStackTrace();
        return stack != null && stack.getFrames().stream().anyMatch(StageCpu::perByte) ? Work.PER_BYTE : Work.OWN;
    }

    private static boolean perByte(RecordedFrame frame) {
        var type = frame.getMethod().getType().getName();
        return PER_BYTE.stream().anyMatch(type::startsWith);
    }

    private static String shared(String thread) {
        return SHARED.entrySet().stream()
                .filter(known -> thread.contains(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("other threads");
    }

    private void print() {
        long builds = intervals.stream().map(Interval::build).distinct().count();
        intervals.stream().map(Interval::stage).distinct().forEach(stage -> {
            var of = millis.getOrDefault(stage, Map.of());
            System.out.printf(
                    "%s %.1f %.1f%n",
                    stage, of.getOrDefault(Work.OWN, 0.0) / builds, of.getOrDefault(Work.PER_BYTE, 0.0) / builds);
        });
        others.forEach((name, spent) -> System.out.printf("- %.1f %s%n", spent / builds, name));
    }
}
