package org.ifaas.server.console;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import org.ifaas.server.api.Body;
import org.ifaas.server.api.Refusal;
import org.ifaas.server.login.Account;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, after it was decided that it may be answered.
 *
 * @param names parts of the address by what they are, of an image its one name
 */
record Exchange(
        ServerRequest request,
        ServerResponse response,
        Map<String, String> names,
        @Nullable Account signedIn,
        Pages pages) {

    Account account() {
        if (signedIn == null) {
            throw new IllegalStateException("a route for those who have signed in was opened to others");
        }
        return signedIn;
    }

    /** A part of the address. */
    String name(String name) {
        var value = names.get(name);
        if (value == null) {
            throw new IllegalStateException("no part of the address is called " + name);
        }
        return value;
    }

    /** Of the address behind the question mark; empty when it is missing. */
    String query(String name) {
        return request.query().first(name).orElse("");
    }

    List<String> queries(String name) {
        return request.query().contains(name) ? request.query().all(name) : List.of();
    }

    Form form() {
        return Form.parse(Body.text(request));
    }

    void page(String title, String section, String template, Object model) {
        page(200, title, section, template, model);
    }

    void page(int status, String title, String section, String template, Object model) {
        pages.send(this, status, title, section, template, model);
    }

    /** After something was done: the browser asks for a page of its own, and going back does nothing twice. */
    void redirect(String to) {
        response.status(Status.SEE_OTHER_303).header(HeaderNames.LOCATION, to).send();
    }

    static Refusal notFound(String what, String name) {
        return new Refusal(404, "there is no such " + what, what, name, "See the lists of the console.");
    }
}
