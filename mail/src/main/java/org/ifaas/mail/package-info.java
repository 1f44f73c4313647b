/** Notices as mails: what they say, and how they leave, by SMTP or into a folder. */
@NullMarked
package org.ifaas.mail;

import org.jspecify.annotations.NullMarked;
