@NullMarked
package org.ifaas.cli;

import org.jspecify.annotations.NullMarked;
