/**
 * The JSON records of the REST interface, shared by the server and the command line. Times are ISO-8601 in UTC, durations
 * ISO-8601, sizes bytes. Components are only ever added.
 */
@NullMarked
package org.ifaas.api;

import org.jspecify.annotations.NullMarked;
