package org.ifaas.server.console;

/** Answers one route, for somebody who may use it. */
@FunctionalInterface
interface Handler {
    void handle(Exchange exchange) throws Exception;
}
