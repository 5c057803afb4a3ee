-- A workbook is kept as the text of its sheets, one behind the other; the import reads one of them.
alter table imports
    -- Where in the pieces what is read begins.
    add column begins_at bigint not null default 0 check (begins_at >= 0),
    -- [{"name": "Customers", "offset": 0, "bytes": 1200}], of a file that is more than lines.
    add column sheets jsonb not null default '[]' check (jsonb_typeof(sheets) = 'array');
