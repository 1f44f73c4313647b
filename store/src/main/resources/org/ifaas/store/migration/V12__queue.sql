-- Those that wait are found without passing those that are carried.
drop index build_queue_due;
create index build_queue_due on build_queue (picked, execution_time);
-- A build that is carried is written to every few seconds: where no index has the time of it, and its page has room, that is cheap.
drop index build_queue_heartbeat;
alter table build_queue set (fillfactor = 50);
