-- What people and programs are to hear of, written in the transaction that makes it true.
create table event (
    key     text        primary key,
    kind    text        not null,
    image   text        not null,
    build   text,
    attempt integer     not null,
    at      timestamptz not null,
    detail  text,
    -- Null until it is settled what is told and to whom.
    notice  jsonb
);
create index event_unsettled on event (at) where notice is null;
-- Whether the newest of these says that an image had failed is what makes the next good build a piece of news.
create index event_image on event (image, at desc) where kind in ('FAILED', 'FIXED');

create table delivery (
    event   text        not null references event on delete cascade,
    channel text        not null,
    since   timestamptz not null,
    -- Null when it has arrived, or is given up.
    due     timestamptz,
    tries   integer     not null,
    arrived timestamptz,
    error   text,
    primary key (event, channel)
);
create index delivery_due on delivery (due) where due is not null;
