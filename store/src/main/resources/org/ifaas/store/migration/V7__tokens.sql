-- With what programs ask the interface. Known by the digest of what they send: whoever reads this table can't ask with it.
create table api_token (
    digest     text        primary key,
    name       text        not null,
    owner      text        not null,
    roles      text        not null,
    images     text        not null,
    region     text,
    created    timestamptz not null,
    expires    timestamptz not null,
    used       timestamptz,
    revoked    timestamptz,
    revoked_by text
);
-- One that was revoked stays for the record, and its name is free again.
create unique index api_token_name on api_token (name) where revoked is null;
