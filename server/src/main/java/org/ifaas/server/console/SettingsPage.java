package org.ifaas.server.console;

import java.util.List;
import org.ifaas.store.Store;

/** The configuration as it is in effect, without secrets. */
public final class SettingsPage {
    private final List<SettingView> settings;
    private final Store store;
    private final String version;

    SettingsPage(List<SettingView> settings, Store store, String version) {
        this.settings = settings;
        this.store = store;
        this.version = version;
    }

    public record Page(List<SettingView> settings, String database, String version, String java) {}

    void show(Exchange exchange) {
        exchange.page(
                "Settings",
                "/settings",
                "settings",
                new Page(
                        settings,
                        store.description(),
                        version,
                        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version")));
    }
}
