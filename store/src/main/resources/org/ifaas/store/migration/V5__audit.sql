create table audit (
    number   bigint      primary key,
    at       timestamptz not null,
    who      text        not null,
    action   text        not null,
    object   text        not null,
    -- Text, so that it reads back exactly as it was hashed.
    details  text        not null,
    previous text        not null,
    hash     text        not null
);

create function audit_stays() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log only grows: % is refused', tg_op using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_rows_stay before update or delete on audit for each row execute function audit_stays();
create trigger audit_stays before truncate on audit for each statement execute function audit_stays();
