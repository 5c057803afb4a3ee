-- The hash of an address is made for each line of an import and for each recipient of a campaign. As one
-- expression it stands in the statement that asks for it (stable, as convert_to is; bound to its functions when
-- it is made, so that it needs no search path of its own): a third of what a call costs.
create or replace function app.address_hash(org uuid, address text) returns bytea
    language sql stable parallel safe
    return sha256(convert_to(org::text || ':' || lower(address), 'UTF8'));
