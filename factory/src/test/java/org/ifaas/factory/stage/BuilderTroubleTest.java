package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;

import org.ifaas.factory.pipeline.Blame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With what the tools really print, of Debian 12; only names are changed. */
class BuilderTroubleTest {
    private static BuilderTrouble heard(String printed) {
        var trouble = new BuilderTrouble();
        printed.lines().forEach(trouble::hear);
        return trouble;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // apt: no such name, nobody listens, a package is not there, another one is, an index is of another day
                """
                Err:1 http://mirror.invalid/debian bookworm InRelease
                  Could not resolve 'mirror.invalid'
                Reading package lists...
                W: Failed to fetch http://mirror.invalid/debian/dists/bookworm/InRelease  Could not resolve 'mirror.invalid'
                W: Some index files failed to download. They have been ignored, or old ones used instead.
                Reading package lists...
                Building dependency tree...
                Reading state information...
                E: Unable to locate package nano
                """,
                """
                Err:1 http://192.0.2.9/debian bookworm InRelease
                  Could not connect to 192.0.2.9:80 (192.0.2.9). - connect (111: Connection refused)
                Reading package lists...
                W: Failed to fetch http://192.0.2.9/debian/dists/bookworm/InRelease  Could not connect to 192.0.2.9:80 (192.0.2.9). - connect (111: Connection refused)
                W: Some index files failed to download. They have been ignored, or old ones used instead.
                """,
                """
                Need to get 632 B of archives.
                After this operation, 0 B of additional disk space will be used.
                Err:1 http://mirror.example.org/debian bookworm/main amd64 nano amd64 7.2-1
                  404  File not found [IP: 192.0.2.9 80]
                E: Failed to fetch http://mirror.example.org/debian/pool/nano_7.2-1_amd64.deb  404  File not found [IP: 192.0.2.9 80]
                E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?
                """,
                """
                E: Failed to fetch http://mirror.example.org/debian/pool/nano_7.2-1_amd64.deb  Hash Sum mismatch
                   Hashes of expected file:
                    - SHA256:fa2011c11f1b33c7d4d67e7470a8c645235e433a3e8155ed996dac256e8b3bbd
                   Hashes of received file:
                    - SHA256:bfa6f5096865f92054efd1e266316e437a8f5f5e50b9968a55347a120e780176
                   Last modification reported: Mon, 30 Nov 2026 15:51:15 +0000
                E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?
                """,
                """
                E: Failed to fetch http://mirror.example.org/debian/dists/bookworm/main/binary-amd64/Packages  Hash Sum mismatch
                   Release file created at: Mon, 30 Nov 2026 15:51:14 +0000
                E: Some index files failed to download. They have been ignored, or old ones used instead.
                """,
                // mmdebstrap: the same, and a Release file whose time is over
                """
                I: running apt-get update...
                Err:1 http://mirror.invalid/debian bookworm InRelease
                  Could not resolve 'mirror.invalid'
                E: Failed to fetch http://mirror.invalid/debian/dists/bookworm/InRelease  Could not resolve 'mirror.invalid'
                E: Some index files failed to download. They have been ignored, or old ones used instead.
                E: apt-get update --error-on=any -oAPT::Status-Fd=<$fd> -oDpkg::Use-Pty=false failed
                I: main() received signal PIPE: waiting for setup...
                E: mmdebstrap failed to run
                """,
                """
                I: running apt-get update...
                Get:1 http://mirror.example.org/debian bookworm InRelease [1326 B]
                Reading package lists...
                E: Release file for http://mirror.example.org/debian/dists/bookworm/InRelease is expired (invalid since 1794d 15h 51min 23s). Updates for this repository will not be applied.
                E: apt-get update --error-on=any -oAPT::Status-Fd=<$fd> -oDpkg::Use-Pty=false failed
                E: mmdebstrap failed to run
                """,
                // diskimage-builder, which shows what debootstrap says
                """
                2026-11-30 15:51:24.301 | I: Retrieving InRelease
                2026-11-30 15:51:24.318 | I: Retrieving Release
                2026-11-30 15:51:24.322 | E: Failed getting release file http://mirror.invalid/debian/dists/bookworm/Release
                """,
                """
                2026-11-30 15:51:26.101 | I: Validating Packages
                2026-11-30 15:51:26.113 | W: Retrying failed download of http://mirror.example.org/debian/dists/bookworm/main/binary-amd64/Packages
                2026-11-30 15:51:26.127 | W: http://mirror.example.org/debian/dists/bookworm/main/binary-amd64/Packages was corrupt
                2026-11-30 15:51:26.127 | E: Couldn't download http://mirror.example.org/debian/dists/bookworm/main/binary-amd64/Packages
                """,
                "2026-11-30 15:51:24.322 | fatal: unable to access 'https://git.invalid/x/': Could not resolve host: git.invalid",
                // zypper: no such name, nobody listens, a package is not there, another one is, an index is of another
                // day
                """
                Repository 't' is invalid.
                [t|http://mirror.invalid/x] Valid metadata not found at specified URL
                History:
                 - [|] Error trying to read from 'http://mirror.invalid/x'
                 - Download (curl) error for 'http://mirror.invalid/x/content':
                Error code: Connection failed
                Error message: Could not resolve host: mirror.invalid
                Warning: Skipping repository 't' because of the above error.
                'nano' not found in package names. Trying capabilities.
                No provider of 'nano' found.
                """,
                """
                 - Download (curl) error for 'http://192.0.2.9/x/content':
                Error code: Connection failed
                Error message: Failed to connect to 192.0.2.9 port 80 after 0 ms: Couldn't connect to server
                """,
                """
                Retrieving: nano-1-1.x86_64.rpm [not found]
                File './x86_64/nano-1-1.x86_64.rpm' not found on medium 'http://mirror.example.org/x'
                Abort, retry, ignore? [a/r/i/...? shows all options] (a): a
                Problem occurred during or after installation or removal of packages:
                Installation has been aborted as directed.
                """,
                """
                Warning: Digest verification failed for file 'nano-1-1.x86_64.rpm'
                Unblock or discard? [f375/...? shows all options] (discard): discard
                Package nano-1-1.x86_64 (t) seems to be corrupted during transfer. Do you want to retry retrieval?
                Abort, retry, ignore? [a/r/i] (a): a
                """,
                """
                Repository 't' is invalid.
                [t|http://mirror.example.org/x] Valid metadata not found at specified URL
                History:
                 - 940ae620a42d807c389b09bb672efc848fa11f23b3681cd16ec67f459c87a49c-primary.xml.gz has wrong checksum
                """,
                // dnf: no such name, a package is not there, an index is of another day
                """
                Errors during downloading metadata for repository 't':
                  - Curl error (6): Couldn't resolve host name for http://mirror.invalid/x/repodata/repomd.xml [Could not resolve host: mirror.invalid]
                Error: Failed to download metadata for repo 't': Cannot download repomd.xml: Cannot download repodata/repomd.xml: All mirrors were tried
                Ignoring repositories: t
                No match for argument: nano
                Error: Unable to find a match: nano
                """,
                """
                [MIRROR] nano-1-1.x86_64.rpm: Status code: 404 for http://mirror.example.org/x/x86_64/nano-1-1.x86_64.rpm (IP: 192.0.2.9)
                [FAILED] nano-1-1.x86_64.rpm: No more mirrors to try - All mirrors were already tried without success
                Error: Error downloading packages:
                  nano-1-1.x86_64: Cannot download, all mirrors were already tried without success
                """,
                """
                Errors during downloading metadata for repository 't':
                  - Downloading successful, but checksum doesn't match. Calculated: 779afa6a(sha256)  Expected: 940ae620(sha256)
                """,
                "curl: (7) Failed to connect to 192.0.2.9 port 80 after 0 ms: Couldn't connect to server",
                "wget: unable to resolve host address 'mirror.invalid'"
            })
    void a_mirror_that_failed_is_to_blame_and_another_attempt_is_made(String printed) {
        var failure = heard(printed).failure("the builder ended with exit code 1");
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure.blame().retriable()).isTrue();
        assertThat(failure).hasMessageContaining("a mirror failed: ");
        assertThat(failure.mend()).contains("ifaas doctor");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                Get:1 http://mirror.example.org/debian bookworm InRelease [1283 B]
                Get:2 http://mirror.example.org/debian bookworm/main amd64 Packages [1267 B]
                Fetched 2550 B in 0s (13.6 kB/s)
                Reading package lists...
                E: Unable to locate package nanno
                """,
                """
                Package nano is not available, but is referred to by another package.
                This may mean that the package is missing, has been obsoleted, or
                is only available from another source

                E: Version '9' for 'nano' was not found
                """,
                """
                I: downloading packages with apt...
                E: Unable to locate package nanno
                E: apt download failed: E: apt-get --yes -oDebug::pkgDpkgPm=1 install nanno
                E: mmdebstrap failed to run
                """,
                """
                Ign:1 http://mirror.example.org/debian bokworm InRelease
                Err:2 http://mirror.example.org/debian bokworm Release
                  404  File not found [IP: 192.0.2.9 80]
                Reading package lists...
                E: The repository 'http://mirror.example.org/debian bokworm Release' does not have a Release file.
                """,
                """
                2026-11-30 15:51:27.201 | I: Checking component main on http://mirror.example.org/debian...
                2026-11-30 15:51:27.208 | E: Couldn't find these debs: nanno
                """,
                """
                Retrieving repository 't' metadata [.done]
                'nanno' not found in package names. Trying capabilities.
                No provider of 'nanno' found.
                """,
                """
                No match for argument: nanno
                Error: Unable to find a match: nanno
                """,
                "curl: (22) The requested URL returned error: 404",
                // What was tried again and came is no failure: the wrong name is.
                """
                Ign:1 http://mirror.example.org/debian bookworm InRelease
                  Could not resolve 'mirror.example.org'
                Get:1 http://mirror.example.org/debian bookworm InRelease [1283 B]
                Reading package lists...
                E: Unable to locate package nanno
                """
            })
    void what_the_definition_asks_for_and_nobody_has_is_the_images_fault(String printed) {
        var failure = heard(printed).failure("the builder ended with exit code 1");
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure.blame().retriable()).isFalse();
        assertThat(failure).hasMessageContaining(printed.lines().toList().getLast());
        assertThat(failure.mend()).contains("mend the definition");
    }

    @Test
    void no_space_is_noticed_and_quoted() {
        assertThat(heard("one line").noSpace()).isFalse();
        var trouble = heard("""
                cp: error writing 'disk/data': No space left on device
                the end
                """);
        assertThat(trouble.noSpace()).isTrue();
        var failure = trouble.failure("it ended");
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure)
                .hasMessage("it ended; it had no space: cp: error writing 'disk/data': No space left on device");
        assertThat(failure.mend()).contains("sizes.disk_mib", "make space");
    }

    @Test
    void it_quotes_what_came_first_and_no_more_than_fits() {
        var failure = heard("E: Failed to fetch http://mirror.example.org/" + "x".repeat(900)
                        + "\nE: mmdebstrap failed to run\n")
                .failure("it ended");
        assertThat(failure.getMessage())
                .startsWith("it ended; a mirror failed: E: Failed to fetch ")
                .hasSizeLessThan(600);
    }
}
