package org.ifaas.openstack.cloud;

import java.util.List;

/** The configuration of clouds has errors. None of their texts holds a secret. */
public final class InvalidClouds extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> errors;

    InvalidClouds(List<String> errors) {
        super(String.join("\n", errors));
        this.errors = List.copyOf(errors);
    }

    /** Each names the file, the cloud, the field and the mend. */
    public List<String> errors() {
        return errors == null ? List.of() : errors;
    }
}
