package org.ifaas.openstack.glance;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;

/**
 * The artifact store as a web server of the operator's offers it to Glance.
 *
 * @param folder of the store on this machine, absolute
 * @param address of that folder, as Glance reaches it
 */
public record ServedStore(Path folder, URI address) {
    /** @throws IllegalArgumentException when the file is not in the store */
    URI of(Path file) {
        var absolute = file.toAbsolutePath().normalize();
        if (!absolute.startsWith(folder)) {
            throw new IllegalArgumentException(file + " is not below " + folder);
        }
        var names = new ArrayList<String>();
        for (var name : folder.relativize(absolute)) {
            names.add(URLEncoder.encode(name.toString(), StandardCharsets.UTF_8).replace("+", "%20"));
        }
        return URI.create(address.toString().replaceFirst("/+$", "") + "/" + String.join("/", names));
    }
}
