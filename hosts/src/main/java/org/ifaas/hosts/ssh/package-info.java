/** The way to machines: SSH with pinned host keys, and commands that outlive the connection. */
@NullMarked
package org.ifaas.hosts.ssh;

import org.jspecify.annotations.NullMarked;
