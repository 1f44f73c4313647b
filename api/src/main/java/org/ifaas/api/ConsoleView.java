package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/**
 * The console.
 *
 * @param address where a browser finds it
 * @param password of the account {@code admin}; null unless it was just made
 */
public record ConsoleView(String address, @Nullable String password) {}
