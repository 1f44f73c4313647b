@NullMarked
package org.ifaas.cli.view;

import org.jspecify.annotations.NullMarked;
