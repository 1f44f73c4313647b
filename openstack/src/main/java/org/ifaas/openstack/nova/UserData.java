package org.ifaas.openstack.nova;

import java.io.IOException;
import java.nio.file.Files;
import org.ifaas.factory.host.SshKey;
import tools.jackson.databind.json.JsonMapper;

/** What cloud-init reads from the config drive. Values are written as JSON strings, which YAML reads as they are. */
final class UserData {
    private UserData() {}

    /**
     * Root's key, and the host key that the host must show. Images forbid root's login, by cloud-init as by sshd, until they
     * are told otherwise; of sshd's settings the first counts.
     */
    static String buildHost(String name, SshKey userKey, SshKey hostKey) throws IOException {
        return """
                #cloud-config
                hostname: %s
                manage_etc_hosts: true
                disable_root: false
                write_files:
                  - path: /etc/ssh/sshd_config.d/00-ifaas.conf
                    content: |
                      PermitRootLogin prohibit-password
                users:
                  - name: root
                    lock_passwd: true
                    ssh_authorized_keys:
                      - %s
                ssh_deletekeys: true
                ssh_keys:
                  ed25519_private: %s
                  ed25519_public: %s
                """.formatted(
                        json(name),
                        json(userKey.publicKey().strip()),
                        json(Files.readString(hostKey.privateKey())),
                        json(hostKey.publicKey().strip()));
    }

    /** The user with its key and nothing else, so that the image shows what it does by itself. */
    static String testInstance(String hostname, String user, SshKey key) {
        return """
                #cloud-config
                hostname: %s
                users:
                  - name: %s
                    shell: /bin/sh
                    lock_passwd: true
                    sudo: "ALL=(ALL) NOPASSWD:ALL"
                    ssh_authorized_keys:
                      - %s
                """.formatted(json(hostname), json(user), json(key.publicKey().strip()));
    }

    private static String json(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
