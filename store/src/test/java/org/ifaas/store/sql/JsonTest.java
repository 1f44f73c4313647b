package org.ifaas.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ReleaseSealed;
import org.junit.jupiter.api.Test;

/** Facts as factories of other versions write them. */
class JsonTest {
    @Test
    void anImageWithoutTimesAndMirrorsIsRead() {
        var fact = Json.read("""
                {"key": "releases/x/1/files/x.qcow2", "virtualBytes": 7, "packageListKey": "p", "packages": 3,
                 "measured": {"size": 5, "digests": {"md5": "1", "sha256": "2", "sha512": "3"}}}""", ImageBuilt.class);

        assertThat(fact.measured().digests().sha256()).isEqualTo("2");
        assertThat(fact.started()).isNull();
        assertThat(fact.finished()).isNull();
        assertThat(fact.mirrors()).isEmpty();
    }

    @Test
    void aSealWithoutDocumentsIsRead() {
        var fact = Json.read("""
                {"folder": "releases/x/1", "checksumsSha256": "2", "keyFingerprint": "AB",
                 "sealed": "2026-11-22T10:00:00Z"}""", ReleaseSealed.class);

        assertThat(fact.sealed()).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
        assertThat(fact.documentKeys()).isEmpty();
    }

    @Test
    void timesAreReadToTheNanosecondAsTheyWereWritten() {
        var time = Instant.parse("2026-11-22T10:00:00.123456789Z");
        var fact = new ReleaseSealed("f", "2", "AB", time, List.of());

        assertThat(Json.read(Json.write(fact), ReleaseSealed.class)).isEqualTo(fact);
    }

    @Test
    void whatALaterFactoryHasAddedIsIgnored() {
        var fact = Json.read("{\"folder\": \"f\", \"more\": {\"of\": [\"it\"]}}", ReleaseSealed.class);

        assertThat(fact.folder()).isEqualTo("f");
    }
}
