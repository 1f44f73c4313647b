/** Who may sign in without a directory of people, and who is signed in. */
@NullMarked
package org.ifaas.store.login;

import org.jspecify.annotations.NullMarked;
