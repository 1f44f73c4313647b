create table build (
    id               text        primary key,
    parameters       jsonb       not null,
    requester        text        not null,
    state            text        not null,
    attempt          integer     not null,
    -- Raised by whoever takes the build over; a write that carries an older one is refused.
    epoch            bigint      not null,
    requested        timestamptz not null,
    started          timestamptz,
    ended            timestamptz,
    reason           text,
    cancel_requested boolean     not null
);
create index build_requested on build (requested desc, id desc);
create index build_unfinished on build (requested) where ended is null;
create index build_image on build ((parameters ->> 'image'), ended desc) where state = 'SUCCEEDED';

create table stage_run (
    build   text        not null references build on delete cascade,
    attempt integer     not null,
    stage   text        not null,
    state   text        not null,
    started timestamptz,
    ended   timestamptz,
    blame   text,
    message text,
    mend    text,
    primary key (build, attempt, stage)
);

create table fact (
    id      uuid        primary key default gen_random_uuid(),
    build   text        not null references build on delete cascade,
    attempt integer     not null,
    stage   text        not null,
    type    text        not null,
    version integer     not null,
    body    jsonb       not null,
    made    timestamptz not null,
    void_at timestamptz
);
create unique index fact_standing on fact (build, type) where void_at is null;
create index fact_build on fact (build);

create table publication_request (
    id         text        primary key references build on delete cascade,
    image      text        not null,
    serial     text        not null,
    publish_as text        not null,
    sha256     text        not null,
    images     jsonb       not null,
    requester  text        not null,
    state      text        not null,
    requested  timestamptz not null,
    decided_by text,
    decided    timestamptz,
    how        text,
    reason     text
);
create index publication_request_state on publication_request (state, requested desc);

-- Bytes [0, compacted) of a log lie in the artifact store, the rest in log_chunk.
create table stage_log (
    build     text    not null,
    attempt   integer not null,
    stage     text    not null,
    -- Raised by whoever opens the log; what an earlier writer still sends is dropped.
    writer    bigint  not null,
    open      boolean not null,
    size      bigint  not null,
    compacted bigint  not null,
    primary key (build, attempt, stage)
);
create index stage_log_uncompacted on stage_log (build) where open or compacted < size;

create table log_chunk (
    build   text    not null,
    attempt integer not null,
    stage   text    not null,
    at      bigint  not null,
    bytes   bytea   not null,
    primary key (build, attempt, stage, at)
);

-- db-scheduler's own form of a table, once for builds and once for chores.
create table build_queue (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    primary key (task_name, task_instance)
);
create index build_queue_due on build_queue (execution_time);
create index build_queue_heartbeat on build_queue (last_heartbeat);

create table chore (like build_queue including all);
