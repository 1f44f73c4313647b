-- How far what the log follows was read with its lines, by source: there it is read on after a crash.
alter table stage_log add column reached jsonb not null default '{}';

-- Live logs come fast and are gone soon: they are worth no compression, which took half of what PostgreSQL did for them.
alter table log_chunk alter column bytes set storage external;
