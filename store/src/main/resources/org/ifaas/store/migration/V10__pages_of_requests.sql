-- Publication requests are read page by page too.
create index publication_request_requested on publication_request (requested desc, id desc);
create index publication_request_in_state on publication_request (state, requested desc, id desc);
drop index publication_request_state;
