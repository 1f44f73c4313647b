package org.ifaas.openstack.glance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebDownloadTest extends ImportContract {
    private @Nullable HttpServer server;

    @Override
    protected GlancePolicy policy() throws IOException {
        if (server == null) {
            server = SimpleFileServer.createFileServer(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    inputs.toAbsolutePath(),
                    SimpleFileServer.OutputLevel.NONE);
            server.start();
        }
        return served("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private GlancePolicy served(String address) {
        return new GlancePolicy(
                DiskFormat.QCOW2,
                ImportMethod.WEB_DOWNLOAD,
                List.of(),
                new ServedStore(inputs.toAbsolutePath(), URI.create(address)),
                GlancePolicy.PATIENCE);
    }

    @AfterEach
    void stopServing() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void the_factory_sends_no_bytes() throws Exception {
        region.register(image("a", 1), log::add);
        assertThat(cloud.seen("PUT .*")).isEmpty();
    }

    @Test
    void a_converted_file_is_fetched_like_a_built_one() throws Exception {
        var policy = new GlancePolicy(
                DiskFormat.RAW, ImportMethod.WEB_DOWNLOAD, List.of(), policy().served(), GlancePolicy.PATIENCE);
        assertThat(region(policy).register(image("a", 1), log::add).diskFormat())
                .isEqualTo("raw");
        assertThat(cloud.seen("PUT .*")).isEmpty();
    }

    @Test
    void an_address_that_glance_may_not_fetch_from_is_told() {
        var failure = catchThrowableOfType(
                StageFailure.class, () -> region(served("ftp://x")).register(image("a", 1), log::add));
        assertThat(failure)
                .hasMessageContaining("400 URI for web-download does not pass filtering: ftp://x/1.qcow2 (req-");
        assertThat(glance.images()).isEmpty();
    }

    @Test
    void where_nothing_serves_it_the_task_says_so() {
        var failure = catchThrowableOfType(
                StageFailure.class,
                () -> region(served(policy().served().address() + "/elsewhere")).register(image("a", 1), log::add));
        assertThat(failure).hasMessageContaining("its import has failed: ").hasMessageContaining("/elsewhere/1.qcow2");
        assertThat(glance.images()).isEmpty();
    }

    @Test
    void names_are_written_as_addresses_want_them_and_no_file_outside_the_store_has_one() {
        var store = new ServedStore(Path.of("/store"), URI.create("https://s.example.org/ifaas/"));
        assertThat(store.of(Path.of("/store/releases/a b/ü+.qcow2")))
                .hasToString("https://s.example.org/ifaas/releases/a%20b/%C3%BC%2B.qcow2");
        assertThatThrownBy(() -> store.of(Path.of("/store/../etc/passwd"))).hasMessageContaining("not below /store");
    }
}
