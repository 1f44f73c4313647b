-- The last word on each step of a release's certification; all words are in the audit log.
create table confirmation (
    build           text        not null references build on delete cascade,
    step            text        not null,
    -- Of the image that it was said of: another image of the same build is another matter.
    sha256          text        not null,
    confirmed       boolean     not null,
    by              text        not null,
    at              timestamptz not null,
    note            text        not null,
    -- A file in the artifact store, or an address: then without key, size and digest.
    evidence        text,
    evidence_key    text,
    evidence_size   bigint      not null,
    evidence_sha256 text,
    primary key (build, step)
);
