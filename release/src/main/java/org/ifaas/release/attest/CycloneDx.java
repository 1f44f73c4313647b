package org.ifaas.release.attest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.PackageList;
import org.ifaas.factory.image.PackageList.Installed;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A CycloneDX 1.6 bill of materials: the image depends on its operating system, and that on its packages. The operating
 * system is a component of its own, as scanners learn from it whose security advisories count.
 */
record CycloneDx(Inputs inputs, ImageBuilt image, PackageList packages, Instant when, String version) {
    private static final String IMAGE = "image";
    private static final String OS = "os";

    ObjectNode write(ObjectNode bom) {
        bom.put("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
        bom.put("bomFormat", "CycloneDX");
        bom.put("specVersion", "1.6");
        bom.put("serialNumber", "urn:uuid:" + serialNumber());
        bom.put("version", 1);
        metadata(bom.putObject("metadata"));
        var components = bom.putArray("components");
        operatingSystem(components.addObject());
        var installed = installed();
        installed.forEach(one -> component(one, components.addObject()));
        var dependencies = bom.putArray("dependencies");
        dependencies.addObject().put("ref", IMAGE).putArray("dependsOn").add(OS);
        var ofOs = dependencies.addObject().put("ref", OS).putArray("dependsOn");
        installed.forEach(one -> ofOs.add(reference(one)));
        return bom;
    }

    /** The same image has the same bill. */
    private UUID serialNumber() {
        return UUID.nameUUIDFromBytes(
                ("sbom of " + image.measured().digests().sha256()).getBytes(StandardCharsets.US_ASCII));
    }

    private void metadata(ObjectNode metadata) {
        metadata.put("timestamp", when.truncatedTo(ChronoUnit.SECONDS).toString());
        metadata.putObject("tools")
                .putArray("components")
                .addObject()
                .put("type", "application")
                .put("name", "ifaas")
                .put("version", version);
        var component = metadata.putObject("component")
                .put("type", "application")
                .put("bom-ref", IMAGE)
                .put("name", inputs.definition().publishAs())
                .put("version", inputs.serial())
                .put("description", inputs.definition().title());
        hashes(component.putArray("hashes"));
    }

    private void hashes(ArrayNode hashes) {
        var digests = image.measured().digests();
        hashes.addObject().put("alg", "MD5").put("content", digests.md5());
        hashes.addObject().put("alg", "SHA-256").put("content", digests.sha256());
        hashes.addObject().put("alg", "SHA-512").put("content", digests.sha512());
    }

    private void operatingSystem(ObjectNode component) {
        var os = inputs.definition().os();
        component
                .put("type", "operating-system")
                .put("bom-ref", OS)
                .put("name", os.distro())
                .put("version", os.version());
    }

    private List<Installed> installed() {
        return packages.packages().stream()
                .distinct()
                .sorted(Comparator.comparing(Installed::name)
                        .thenComparing(Installed::version)
                        .thenComparing(Installed::architecture))
                .toList();
    }

    private void component(Installed installed, ObjectNode component) {
        component
                .put("type", "library")
                .put("bom-ref", reference(installed))
                .put("name", installed.name())
                .put("version", installed.version());
        PackageUrl.of(installed, inputs.definition().os()).ifPresent(url -> component.put("purl", url));
    }

    private String reference(Installed installed) {
        return PackageUrl.of(installed, inputs.definition().os())
                .orElseGet(() -> installed.name() + "@" + installed.version() + "?" + installed.architecture());
    }
}
