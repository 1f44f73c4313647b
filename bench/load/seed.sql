-- Multiplies the one build that is there into :builds of the shipped images, one every few minutes, the newest now. Nine in ten
-- succeed, the others fail in the stage that tests the image; each image's last good one is published.
create temporary table template as select * from build where state = 'SUCCEEDED' order by requested desc limit 1;

create temporary table made as
    select i, (select string_agg(substr('abcdefghjkmnpqrstuvwxyz23456789', 1 + ((i::bigint * 7919 + 104729 * 31 ^ 3)::bigint / (31 ^ place)::bigint % 31)::int, 1), '')
               from generate_series(0, 7) place) id,
        (array['busybox', 'debian-12', 'debian-12-kiwi', 'debian-12-reproducible', 'debian-13'])[1 + i % 5] image,
        i % 10 = 3 failed,
        -- Pauses between builds so that all of them fill a year.
        - (:builds - i) * interval '1 year' / :builds - interval '1 hour' shift
    from generate_series(1, :builds) i;
delete from made where id in (select id from build);

insert into build (id, parameters, requester, state, attempt, epoch, requested, started, ended, reason, cancel_requested)
    select made.id, t.parameters || jsonb_build_object('image', made.image), t.requester, case when failed then 'FAILED' else t.state end,
        1, t.epoch, t.requested + shift, t.started + shift, t.ended + shift + i % 60 * interval '1 second',
        case when failed then 'Test image failed (image): 1 of 10 tests failed' else t.reason end, false
    from made, template t;

insert into stage_run
    select made.id, 1, run.stage,
        case when failed and run.stage = 'TEST_IMAGE' then 'FAILED' else run.state end,
        run.started + shift, run.ended + shift + i % 4 * interval '1 second',
        case when failed and run.stage = 'TEST_IMAGE' then 'IMAGE' else run.blame end,
        case when failed and run.stage = 'TEST_IMAGE' then '1 of 10 tests failed' else run.message end, run.mend
    from made, template t join stage_run run on run.build = t.id and run.attempt = t.attempt;

insert into fact (build, attempt, stage, type, version, body, made, void_at)
    select made.id, 1, f.stage, f.type, f.version, f.body, f.made + shift, f.void_at
    from made, template t join fact f on f.build = t.id and f.void_at is null;

insert into stage_log (build, attempt, stage, writer, open, size, compacted)
    select made.id, 1, l.stage, l.writer, false, l.size, l.size from made, template t join stage_log l on l.build = t.id;

insert into publication_request (id, image, serial, publish_as, sha256, images, requester, state, requested, decided_by, decided, how, reason)
    select made.id, made.image, r.serial || '-' || i, replace(r.publish_as, 'Tiny_Busybox', made.image), r.sha256, r.images, r.requester,
        case when i > :builds - 200 then r.state when i % 50 = 1 then 'REJECTED' else 'PUBLISHED' end, r.requested + shift,
        case when i > :builds - 200 then null else 'anna' end, case when i > :builds - 200 then null else r.requested + shift end,
        case when i > :builds - 200 then null else 'self-approved' end, null
    from made, template t join publication_request r on r.id = t.id where not failed;
analyze;
