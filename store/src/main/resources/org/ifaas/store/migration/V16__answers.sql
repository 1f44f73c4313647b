-- What was answered to requests with a key of their sender's, so that each may be sent again; without a status it is being carried out.
create table answer (
    who      text        not null,
    key      text        not null,
    request  text        not null,
    at       timestamptz not null,
    status   int,
    type     text,
    location text,
    body     text,
    primary key (who, key)
);
create index answer_at on answer (at);
