-- Of a build whose host or test instance is on a node's own machine: that node, and until when the build waits for it, once the
-- node no longer carries it.
alter table build_queue add column node text, add column node_until timestamptz;
