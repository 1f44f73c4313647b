package org.ifaas.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @Test
    void an_address_in_postgresqls_own_form_brings_its_login() {
        var address = Address.of(
                new Database.Served("postgresql://anna:s%2Fx@db.example:5433/factory?sslmode=require", null, null));
        assertThat(address)
                .isEqualTo(new Address("jdbc:postgresql://db.example:5433/factory?sslmode=require", "anna", "s/x"));
    }

    @Test
    void a_login_given_apart_goes_before_the_one_in_the_address() {
        var address = Address.of(new Database.Served("postgres://anna:old@[::1]/factory", "bea", "new"));
        assertThat(address).isEqualTo(new Address("jdbc:postgresql://[::1]/factory", "bea", "new"));
    }

    @Test
    void a_jdbc_address_is_taken_as_it_is() {
        var address = Address.of(new Database.Served("jdbc:postgresql://h/d?user=u", null, null));
        assertThat(address).isEqualTo(new Address("jdbc:postgresql://h/d?user=u", null, null));
    }

    @Test
    void nobody_is_shown_a_password() {
        var served = new Database.Served("postgresql://anna:secret@h/d?password=secret2", null, "secret3");
        assertThat(served.toString()).isEqualTo("postgresql://h/d");
        assertThat(Address.of(served).toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://h/d",
                "h:5432",
                "postgresql://",
                "jdbc:postgresql://h:notaport/d",
                "postgresql://a:secret@h/ /d",
                ""
            })
    void anything_else_is_refused_with_the_forms_that_are_not(String url) {
        assertThatThrownBy(() -> Address.of(new Database.Served(url, null, null)))
                .isInstanceOfSatisfying(
                        StoreFailure.class,
                        failure -> assertThat(failure.mend()).contains("jdbc:postgresql://"))
                .hasMessageNotContaining("secret");
    }
}
