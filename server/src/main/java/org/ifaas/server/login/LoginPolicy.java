package org.ifaas.server.login;

import java.time.Duration;

/**
 * @param idle after how long without a request a session ends
 * @param longest after how long it ends in any case
 * @param attempts how many logins of one name from one source may fail within the window before more are refused
 * @param window how long a failed login counts
 * @param passwordRounds of PBKDF2, when the local administrator's password is made
 */
public record LoginPolicy(Duration idle, Duration longest, int attempts, Duration window, int passwordRounds) {
    public static LoginPolicy defaults() {
        return new LoginPolicy(Duration.ofHours(1), Duration.ofHours(12), 5, Duration.ofMinutes(15), 210_000);
    }
}
