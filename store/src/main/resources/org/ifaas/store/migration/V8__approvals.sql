-- The signed statement of what was approved, and how far it has come in each of its regions.
alter table publication_request add column approval jsonb;
create index publication_request_name on publication_request (publish_as, decided desc);

create table region_publication (
    request text        not null references publication_request on delete cascade,
    region  text        not null,
    state   text        not null,
    reason  text,
    changed timestamptz not null,
    primary key (request, region)
);
