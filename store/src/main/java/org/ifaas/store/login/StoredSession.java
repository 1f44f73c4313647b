package org.ifaas.store.login;

import java.time.Instant;
import java.util.List;

/**
 * Somebody who has signed in.
 *
 * @param digest SHA-256 of what the browser holds, in hexadecimal
 * @param addresses the account's mail addresses, without line breaks
 * @param roles names, with what they are limited to, without commas
 * @param used when the last request came, to the minute or so
 */
public record StoredSession(
        String digest, String account, List<String> addresses, List<String> roles, Instant began, Instant used) {}
