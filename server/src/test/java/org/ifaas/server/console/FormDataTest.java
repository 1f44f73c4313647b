package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.ifaas.server.api.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormDataTest {
    private static final String TYPE = "multipart/form-data; boundary=\"b-1\"";

    private static FormData read(String body) throws IOException {
        return FormData.read(
                TYPE, new ByteArrayInputStream(body.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)));
    }

    private static String field(String name, String text) {
        return "--b-1\nContent-Disposition: form-data; name=\"" + name + "\"\n\n" + text + "\n";
    }

    private static String file(String name, String content) {
        return "--b-1\ncontent-disposition: form-data; name=\"file\"; filename=\"" + name
                + "\"\nContent-Type: text/plain\n\n" + content + "\n";
    }

    @Test
    void fieldsAndTheFileAreWhatWasTypedAndChosen() throws IOException {
        var content = "\r\r\n--b-\n--b\r\n-almost --b-1\n\n";
        var form = read(field("note", "schön\nzwei") + field("evidence", "") + file("a b.pdf", content) + "--b-1--\n");
        assertThat(form.fields()).isEqualTo(Map.of("note", "schön\r\nzwei", "evidence", ""));
        assertThat(form.file().name()).isEqualTo("a b.pdf");
        assertThat(form.file().content().readAllBytes())
                .isEqualTo(content.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whereNoFileWasChosenThereIsNone() throws IOException {
        var form = read(field("note", "x") + file("", "") + field("behind", "y") + "--b-1--");
        assertThat(form.file()).isNull();
        assertThat(form.text("behind")).isEqualTo("y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--b-1", "--b-1\n", "--b-1\nContent-Disposition: form-data", "note=x", "--b-2--\n"})
    void whatEndsTooEarlyIsRefused(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(Refusal.class);
    }

    @Test
    void aFileThatEndsTooEarlyIsRefusedWhenItIsRead() throws IOException {
        var content = read(file("a", "half")).file().content();
        assertThatThrownBy(content::readAllBytes).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\""})
    void withoutABoundaryItIsNone(String type) {
        assertThatThrownBy(() -> FormData.read(type, new ByteArrayInputStream(new byte[0])))
                .isInstanceOf(Refusal.class);
    }
}
