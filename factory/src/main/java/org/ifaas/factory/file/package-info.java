/** What adapters need of the file system. */
@NullMarked
package org.ifaas.factory.file;

import org.jspecify.annotations.NullMarked;
