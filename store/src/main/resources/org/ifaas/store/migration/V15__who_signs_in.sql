-- From where a login failed, so that whoever guesses elsewhere locks nobody out.
alter table login_failure add column source text not null default '';

-- The mail addresses of whoever signed in or made the token, a line each: by them the author of a commit is known.
alter table session add column addresses text not null default '';
alter table api_token add column addresses text not null default '';
