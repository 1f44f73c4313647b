/** What a stage has made true: all that another stage, or another node, can know. Typed, versioned, stored as JSON. */
@NullMarked
package org.ifaas.factory.fact;

import org.jspecify.annotations.NullMarked;
