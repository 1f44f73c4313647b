package org.ifaas.factory.suite;

import java.util.List;
import java.util.stream.Stream;

/** The names of all shell files that the baseline suite is made of. */
final class SuiteScripts {
    private SuiteScripts() {}

    static List<String> all() {
        var shared = Stream.of("lib.sh", "system.sh", "run.sh", "identity.sh");
        var tests = Stream.concat(
                BaselineSuite.SCRIPTS.stream(), Stream.of(BaselineSuite.TWO_INSTANCES, BaselineSuite.REBOOT));
        return Stream.concat(shared, tests.map(name -> name + ".sh")).toList();
    }
}
