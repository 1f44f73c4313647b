/** What a release says about itself in other people's formats: CycloneDX, and SLSA provenance as an in-toto statement. */
@NullMarked
package org.ifaas.release.attest;

import org.jspecify.annotations.NullMarked;
