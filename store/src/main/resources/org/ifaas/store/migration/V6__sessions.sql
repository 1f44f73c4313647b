-- Who may sign in without a directory of people: the local administrator.
create table local_account (
    name     text        primary key,
    password text        not null,
    changed  timestamptz not null
);

-- Known by the digest of what the browser holds: whoever reads this table can't sign in with it.
create table session (
    digest  text        primary key,
    account text        not null,
    roles   text        not null,
    began   timestamptz not null,
    used    timestamptz not null
);
create index session_used on session (used);

create table login_failure (
    name text        not null,
    at   timestamptz not null
);
create index login_failure_at on login_failure (at);
