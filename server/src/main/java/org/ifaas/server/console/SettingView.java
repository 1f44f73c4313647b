package org.ifaas.server.console;

import java.util.regex.Pattern;

/**
 * One setting as it is, without secrets.
 *
 * @param given whether the configuration says so, rather than the product
 */
public record SettingView(String name, String value, boolean given) {
    private static final Pattern SECRET = Pattern.compile("(?i)(password|passphrase|secret|token)$");
    private static final Pattern LOGIN_IN_URL = Pattern.compile("//[^/@\\s,]*@");
    private static final Pattern SECRET_IN_URL = Pattern.compile("(?i)((?:password|secret|token|key)=)[^&\\s,}\\]]*");
    private static final String MASK = "••••••";

    public static SettingView given(String name, String value) {
        return new SettingView(name, masked(name, value), true);
    }

    public static SettingView byDefault(String name, String value) {
        return new SettingView(name, masked(name, value), false);
    }

    private static String masked(String name, String value) {
        if (SECRET.matcher(name).find() && !value.equals("none")) {
            return MASK;
        }
        var withoutLogin = LOGIN_IN_URL.matcher(value).replaceAll("//" + MASK + "@");
        return SECRET_IN_URL.matcher(withoutLogin).replaceAll("$1" + MASK);
    }
}
