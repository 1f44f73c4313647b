package org.ifaas.server;

import java.time.Clock;
import java.util.Set;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.stage.Stages;
import org.ifaas.store.Store;

/**
 * What a factory stands on.
 *
 * @param trusted names of the repositories on the allow-list
 */
record Premises(
        Config config,
        Home home,
        Store store,
        Stages.Ports ports,
        Set<String> trusted,
        Names names,
        AuditLog audit,
        Clock clock) {}
