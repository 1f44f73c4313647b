/** Build hosts made of systemd-nspawn containers on the factory's machine. */
@NullMarked
package org.ifaas.hosts.container;

import org.jspecify.annotations.NullMarked;
