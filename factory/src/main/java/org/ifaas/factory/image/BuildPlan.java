package org.ifaas.factory.image;

import java.util.Map;
import org.ifaas.factory.host.Command;

/**
 * What is to be done on a build host to build one image. All paths are on the host and absolute.
 *
 * @param files scripts and configuration to upload first: path to content; scripts are made executable
 * @param command the long command
 * @param image where the image lies afterwards, a qcow2
 * @param packageList where the list of packages lies afterwards: a line each, name, version, architecture and source
 *     separated by tabs
 */
public record BuildPlan(Map<String, String> files, Command command, String image, String packageList) {
    public BuildPlan {
        files = Map.copyOf(files);
    }
}
