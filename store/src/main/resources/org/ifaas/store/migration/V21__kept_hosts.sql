-- Hosts that are kept are few; those that were, as many as builds.
create index host_kept on fact ((body ->> 'keptUntil') collate "C")
    where type = 'HostDestroyed' and void_at is null and (body ->> 'keptUntil') collate "C" is not null;
