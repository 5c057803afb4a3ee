-- Cells of vocabularies that say nothing that is known, and what somebody says that they mean.
alter table imports
    -- What the last look found: {"stage": {"cells": {"warm": 12}, "more": 0}}.
    add column unknown jsonb not null default '{}' check (jsonb_typeof(unknown) = 'object'),
    -- By column and cell: {"stage": {"warm": "mql", "?": ""}}.
    add column meanings jsonb not null default '{}' check (jsonb_typeof(meanings) = 'object');
