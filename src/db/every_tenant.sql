-- Every organization: for the owner of the database only. Row security leaves the application's role none.
select id, slug from organizations order by slug
