/** The tools that build images on a build host; each is a script in the resources, one folder a builder. */
@NullMarked
package org.ifaas.builders;

import org.jspecify.annotations.NullMarked;
