package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ifaas.hosts.qemu.Accelerator;
import org.ifaas.hosts.qemu.KvmProbe;
import org.ifaas.hosts.qemu.ProbeKernel;
import org.ifaas.hosts.qemu.QemuPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Debian, built on a host in Nova and tested on Nova: what takes hours where guests are emulated. {@code ./test kvm} runs it. */
@Tag("slow")
@Tag("kvm")
@ResourceLock("openstack")
@ExtendWith(KvmTest.WhereKvmWorks.class)
class KvmTest {
    static final class WhereKvmWorks implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            try {
                var folder = Files.createDirectories(TestHome.shared("kvm"));
                var kernel = new ProbeKernel(folder, List.of(Path.of("/boot"), TestHome.shared("roots/qemu")));
                var verdict = new KvmProbe(folder, kernel, QemuPolicy.defaults()).verdict();
                return verdict.accelerator() == Accelerator.KVM
                        ? enabled(verdict.detail())
                        : disabled("KVM does not work on this machine: " + verdict.detail() + ". " + verdict.mend());
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void debianIsBuiltOnAHostInNovaAndTestedThere() throws Exception {
        var home = TestHome.make("kvm");
        var yaml = home.path().resolve("ifaas.yaml");
        try (var cloud = RealCloud.withKvm()) {
            Files.writeString(yaml, RealCloud.config("builds: {attempts: 1}\n"));
            try (var factory = RunningFactory.in(home.path())) {
                Files.writeString(yaml, RealCloud.config(RealCloud.hostImage(factory), "builds: {attempts: 1}\n"));
            }
            try (var factory = RunningFactory.in(home.path())) {
                var build = factory.awaitEnd(
                        factory.build("{\"image\":\"debian-12\",\"cloud\":\"factory\",\"host\":\"nova\"}")
                                .id());
                assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
                assertThat(build.stages())
                        .allSatisfy(stage -> assertThat(stage.state()).isEqualTo("DONE"));
                assertThat(factory.log(build.id(), "spawn-build-host")).contains("is ACTIVE");
                assertThat(factory.log(build.id(), "test-image")).contains("is ACTIVE");
            }
            for (var region : List.of("RegionOne", "RegionTwo")) {
                for (var image : RealCloud.region(region).list()) {
                    RealCloud.region(region).delete(image.ref().id());
                }
            }
            cloud.assertNoServerIsLeft();
        }
        home.assertNothingIsLeftAndRemove();
    }
}
