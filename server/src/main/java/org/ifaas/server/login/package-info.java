/** Who may use the console: accounts and their roles, sessions, and what keeps others' pages and guesses out. */
@NullMarked
package org.ifaas.server.login;

import org.jspecify.annotations.NullMarked;
