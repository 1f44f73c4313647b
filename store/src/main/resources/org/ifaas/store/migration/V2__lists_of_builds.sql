-- The lists of builds are read on from where a page ended, of one image too; an id may be shortened.
create index build_of_image on build ((parameters ->> 'image'), requested desc, id desc);
create index build_in_state on build (state, requested desc, id desc);
create index build_id_start on build (id text_pattern_ops);
