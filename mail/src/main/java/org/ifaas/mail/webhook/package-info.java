/** Notices for programs, signed. */
@NullMarked
package org.ifaas.mail.webhook;

import org.jspecify.annotations.NullMarked;
