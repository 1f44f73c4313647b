create table schedule (
    image          text        primary key,
    cron           text        not null,
    zone           text        not null,
    jitter_seconds bigint      not null,
    source         text        not null,
    -- What cron says, and the same with its jitter; null when there is no further time.
    planned        timestamptz,
    next           timestamptz,
    paused         timestamptz,
    paused_by      text,
    reason         text,
    failures       integer     not null,
    running        text,
    last           text,
    last_start     timestamptz
);
