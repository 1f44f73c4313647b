package org.ifaas.factory.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.ifaas.factory.image.PackageList.Installed;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageListTest {
    @Test
    void itHasEachLineAsAPackage() throws Exception {
        var list = PackageList.parse("bash\t5.2\tamd64\tbash\nlibstdc++6\t1:12.2.0-14+b1~x\tamd64\tgcc-12\n");

        assertThat(list.packages())
                .containsExactly(
                        new Installed("bash", "5.2", "amd64", "bash"),
                        new Installed("libstdc++6", "1:12.2.0-14+b1~x", "amd64", "gcc-12"));
        assertThat(list.names()).containsExactly("bash", "libstdc++6");
    }

    @Test
    void anEmptyListAndAPackageWithoutASourceAreFine() throws Exception {
        assertThat(PackageList.parse("").packages()).isEmpty();
        assertThat(PackageList.parse("bash\t5.2\tamd64\t\n").packages())
                .containsExactly(new Installed("bash", "5.2", "amd64", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dash\t5.2\tamd64",
                "dash\t5.2\tamd64\tdash\tmore",
                "../dash\t5.2\tamd64\tdash",
                "dash\t\tamd64\tdash",
                "dash\t5 2\tamd64\tdash",
                "dash\t5.2\u001b[2J\tamd64\tdash",
                "dash\t5.2\tamd64\t<dash>",
                "dash 5.2 amd64 dash"
            })
    void aLineOfAnotherFormIsTheImagesFaultAndNamed(String line) {
        assertThatThrownBy(() -> PackageList.parse("bash\t5.2\tamd64\tbash\n" + line + "\n"))
                .asInstanceOf(InstanceOfAssertFactories.type(StageFailure.class))
                .returns(Blame.IMAGE, StageFailure::blame)
                .extracting(StageFailure::getMessage)
                .asString()
                .contains("line 2 of the package list");
    }

    @Test
    void aListWithoutEndIsRefused() {
        assertThatThrownBy(() -> PackageList.parse("a\t1\tall\ta\n".repeat(100_001)))
                .hasMessage("the package list has more than 100000 lines");
    }
}
