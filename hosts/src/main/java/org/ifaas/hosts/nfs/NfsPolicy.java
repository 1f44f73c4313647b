package org.ifaas.hosts.nfs;

import java.nio.file.Path;
import java.util.List;

/**
 * Where hosts write what they have built, and how one of them is let in.
 *
 * @param folder below which each host has a folder of its own; it is on this machine or mounted there
 * @param server name or address of the NFS server, as build hosts reach it
 * @param port of it
 * @param export command that lets one address write one folder; it may be run again. {@code {folder}}, {@code {client}},
 *     {@code {uid}} and {@code {gid}} stand for the folder, the host's address and the owner whom all that is written belongs to
 * @param unexport command after which nobody reaches that folder any more, whatever he has mounted or open; it may be run again
 */
public record NfsPolicy(Path folder, String server, int port, List<String> export, List<String> unexport) {
    /** Those of the kernel's server. With {@code subtree_check} a host that guesses handles stays within its folder. */
    public static final List<String> EXPORT = List.of(
            "exportfs",
            "-o",
            "rw,sync,subtree_check,insecure,sec=sys,all_squash,anonuid={uid},anongid={gid}",
            "{client}:{folder}");

    public static final List<String> UNEXPORT = List.of("exportfs", "-u", "{client}:{folder}");
}
