package org.ifaas.api;

/**
 * A token that was just made.
 *
 * @param secret what the program sends; nobody can show it again
 */
public record NewTokenView(String secret, TokenView token) {}
