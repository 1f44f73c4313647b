package org.ifaas.server.api;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;

/** What answers GET answers HEAD, too (RFC 9110, 9.3.2): the web server leaves the body out. */
record HeadToo(HttpRules rules) implements HttpRules {
    static HttpService of(HttpService service) {
        return rules -> service.routing(new HeadToo(rules));
    }

    @Override
    public HttpRules get(String path, Handler... handlers) {
        rules.get(path, handlers).head(path, handlers);
        return this;
    }

    @Override
    public HttpRules route(HttpRoute route) {
        rules.route(route);
        return this;
    }

    @Override
    public HttpRules register(HttpService... services) {
        rules.register(services);
        return this;
    }

    @Override
    public HttpRules register(String path, HttpService... services) {
        rules.register(path, services);
        return this;
    }
}
