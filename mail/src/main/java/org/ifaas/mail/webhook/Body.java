package org.ifaas.mail.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.ifaas.factory.notify.Notice;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What a program is sent. Mail addresses are not in it. */
record Body(String type, String timestamp, Data data) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    /** @param key the same for the same event, however often it is sent */
    record Data(
            String key,
            String title,
            String image,
            @Nullable String build,
            int attempt,
            @Nullable String serial,
            @Nullable String requester,
            @Nullable String by,
            @Nullable String reason,
            @Nullable Failure failure,
            List<String> images,
            @Nullable String page) {}

    /** @param blame REQUEST, IMAGE, HOST, CLOUD or FACTORY */
    record Failure(int number, String stage, String blame, String message, String mend, List<String> lastLines) {}

    static byte[] of(Notice notice) {
        var event = notice.event();
        var failure = notice.failure();
        return JSON.writeValueAsBytes(new Body(
                event.kind().slug(),
                event.at().toString(),
                new Data(
                        event.key(),
                        notice.title(),
                        event.image(),
                        event.build() == null ? null : event.build().value(),
                        event.attempt(),
                        notice.serial(),
                        notice.requester(),
                        notice.by(),
                        notice.reason(),
                        failure == null
                                ? null
                                : new Failure(
                                        failure.stage().number(),
                                        failure.stage().slug(),
                                        failure.blame().name(),
                                        failure.message(),
                                        failure.mend(),
                                        failure.lastLines()),
                        notice.images(),
                        notice.page())));
    }
}
