/** What people and programs hear of without asking: events, who hears them, and how they get there. */
@NullMarked
package org.ifaas.factory.notify;

import org.jspecify.annotations.NullMarked;
