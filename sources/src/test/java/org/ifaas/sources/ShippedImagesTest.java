package org.ifaas.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedImagesTest {
    @TempDir
    Path temporary;

    @Test
    void a_checkout_of_the_product_is_used_as_it_is() throws Exception {
        var product = Checkout.in(temporary.resolve("product")).image("tiny");
        var commit = product.commit("The product");
        var shipped = ShippedImages.in(product.folder(), temporary.resolve("home"), GitPolicy.defaults());
        assertThat(shipped)
                .isEqualTo(new GitRepository(
                        "shipped", product.folder().toString(), "images", null, true, GitAccess.OPEN));
        assertThat(commit(shipped)).isEqualTo(commit);
    }

    @Test
    void every_definition_that_ships_is_valid() throws Exception {
        var shipped = ShippedImages.in(Path.of(".."), temporary.resolve("home"), GitPolicy.defaults());
        assertThat(repositories(shipped).definitions())
                .hasSizeGreaterThan(4)
                .allSatisfy(
                        listed -> assertThat(listed.error()).as(listed.name()).isNull());
    }

    @Test
    void an_unpacked_product_becomes_a_repository_with_the_same_commit_everywhere() throws Exception {
        var one = commit(unpacked("one", "home-one"));
        var two = commit(unpacked("two", "home-two"));
        assertThat(two).isEqualTo(one);
        assertThat(commit(unpacked("one", "home-one"))).isEqualTo(one);
    }

    @Test
    void a_changed_file_makes_a_new_commit_and_a_removed_image_goes() throws Exception {
        var before = commit(unpacked("one", "home"));
        Files.writeString(temporary.resolve("one/images/tiny/run.sh"), "changed");
        var after = commit(ShippedImages.in(temporary.resolve("one"), temporary.resolve("home"), GitPolicy.defaults()));
        assertThat(after).isNotEqualTo(before);
        Files.delete(temporary.resolve("one/images/tiny/run.sh"));
        Files.delete(temporary.resolve("one/images/tiny/image.yaml"));
        var shipped = ShippedImages.in(temporary.resolve("one"), temporary.resolve("home"), GitPolicy.defaults());
        assertThat(repositories(shipped).definitions()).isEmpty();
    }

    @Test
    void a_product_unpacked_inside_another_repository_is_not_taken_for_a_checkout() throws Exception {
        Checkout.in(temporary).commit("Somebody's home");
        assertThat(unpacked("one", "home").url()).endsWith("/home/shipped-made.git");
    }

    private GitRepository unpacked(String product, String home) throws Exception {
        new Checkout(temporary.resolve(product))
                .image("tiny")
                .file("images/tiny/run.sh", "#!/bin/sh\n")
                .file("images/.gitignore", "*.sh\n");
        return ShippedImages.in(temporary.resolve(product), temporary.resolve(home), GitPolicy.defaults());
    }

    private String commit(GitRepository shipped) throws Exception {
        return repositories(shipped).resolve("tiny", null).commit();
    }

    private GitRepositories repositories(GitRepository shipped) {
        return new GitRepositories(
                List.of(shipped), temporary.resolve("mirrors"), GitPolicy.defaults(), InstantSource.system());
    }
}
