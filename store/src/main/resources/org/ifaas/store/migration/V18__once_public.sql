-- When a release became public in a region first: whatever becomes of it there, customers have it from then on.
alter table publication_request add column published timestamptz;
update publication_request set published = coalesce(decided, requested)
where state = 'PUBLISHED'
    or exists (select from region_publication where request = publication_request.id and state = 'PUBLISHED')
    or exists (select from audit where action = 'published' and object = publication_request.id);
