/** What people read: the live picture of the stages, plain lines, tables and outcomes. */
@NullMarked
package org.ifaas.cli.view;

import org.jspecify.annotations.NullMarked;
