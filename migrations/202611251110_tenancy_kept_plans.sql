-- Who may enter what is asked by every request to a workspace, always along the same indexes. Planning it anew
-- for each person took longer than asking it.
alter function app.user_organizations(uuid, text, timestamptz) set plan_cache_mode = force_generic_plan;
