-- Providers count what comes to them: how fast a workspace's server may hand over to any one domain.
alter table mail_servers add column per_domain integer check (per_domain between 1 and 10000);
