package org.ifaas.hosts.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.ifaas.factory.host.SshKey;

/** What cloud-init reads from a NoCloud seed. Values are written as JSON strings, which YAML reads as they are. */
final class CloudInit {
    private CloudInit() {}

    /** For a test instance: the user with its key and nothing else, so that the image shows what it does by itself. */
    static Map<String, byte[]> testInstance(String name, String hostname, String user, SshKey key) {
        return seed(name, hostname, """
                #cloud-config
                users:
                  - name: %s
                    shell: /bin/sh
                    lock_passwd: true
                    sudo: "ALL=(ALL) NOPASSWD:ALL"
                    ssh_authorized_keys:
                      - %s
                """.formatted(
                        Json.of(user), Json.of(key.publicKey().strip())));
    }

    /** For a build host: root's key, and the host key that it must show. */
    static Map<String, byte[]> buildHost(String name, SshKey userKey, SshKey hostKey) throws IOException {
        var hostname = name.length() > 63 ? name.substring(name.length() - 63) : name;
        return seed(name, hostname.replace('.', '-').replaceFirst("^-+", ""), """
                #cloud-config
                users:
                  - name: root
                    lock_passwd: true
                    ssh_authorized_keys:
                      - %s
                manage_etc_hosts: true
                ssh_deletekeys: true
                ssh_keys:
                  ed25519_private: %s
                  ed25519_public: %s
                """.formatted(
                        Json.of(userKey.publicKey().strip()),
                        Json.of(Files.readString(hostKey.privateKey())),
                        Json.of(hostKey.publicKey().strip())));
    }

    /** The instance's id is new for every boot: cloud-init takes a known one for a reboot. */
    private static Map<String, byte[]> seed(String name, String hostname, String userData) {
        var metaData = "instance-id: %s\nlocal-hostname: %s\n"
                .formatted(Json.of(name + "-" + UUID.randomUUID()), Json.of(hostname));
        var files = new LinkedHashMap<String, byte[]>();
        files.put("meta-data", metaData.getBytes(StandardCharsets.UTF_8));
        files.put("user-data", userData.getBytes(StandardCharsets.UTF_8));
        return files;
    }
}
