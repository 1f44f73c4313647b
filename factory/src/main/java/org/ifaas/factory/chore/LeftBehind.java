package org.ifaas.factory.chore;

import java.time.Instant;

/**
 * Something of this factory's that no live build owns and that could not be removed yet.
 *
 * @param where the cloud or region; {@code this machine}
 * @param since when it was first tried
 */
public record LeftBehind(String where, String name, Instant since, String why, String mend) {}
