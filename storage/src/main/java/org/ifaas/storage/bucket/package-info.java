/** Built files that come by way of an S3-compatible bucket. */
@NullMarked
package org.ifaas.storage.bucket;

import org.jspecify.annotations.NullMarked;
