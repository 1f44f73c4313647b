-- Whom a notice has not reached yet when it reached others by the same way; null: nobody has it, or all have.
alter table delivery add column rest jsonb;
