-- A request is begun again only where it has not taken effect; who began it before then writes no more.
alter table answer add column begun int not null default 1, add column effect boolean not null default false;
update answer set effect = true where status is null;
