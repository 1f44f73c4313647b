/** hashdeep audit sets: of releases, and of every file inside an image. */
@NullMarked
package org.ifaas.release.audit;

import org.jspecify.annotations.NullMarked;
