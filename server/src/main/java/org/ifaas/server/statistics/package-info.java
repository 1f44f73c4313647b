/** How builds go: for people, for spreadsheets and for Prometheus. */
@NullMarked
package org.ifaas.server.statistics;

import org.jspecify.annotations.NullMarked;
