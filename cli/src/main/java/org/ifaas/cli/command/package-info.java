/** One class a command; {@link org.ifaas.cli.command.Commands} lists them all. */
@NullMarked
package org.ifaas.cli.command;

import org.jspecify.annotations.NullMarked;
