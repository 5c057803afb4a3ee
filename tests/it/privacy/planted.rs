//! A person of whom every column of the catalogue holds a word of its own, and another beside them.

use std::collections::BTreeSet;

use groundswell::app;
use sqlx::AssertSqlSafe;

use crate::support::{TestApp, tenant::ACME};

/// Stands in every word that is planted.
pub(super) const WORD: &str = "canarius";
/// The same for somebody else.
pub(super) const OTHER: &str = "sparrowine";

/// A table, which of its rows, and what is put into which columns.
type Place = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Which rows of a table are hers, and what is put into which columns: `{c}` is the column's own word, `{e}` her
/// address, `{n}` her name. Texts that members wrote stay and lose her name; so it stands in them.
const PLACES: &[Place] = &[
    (
        "contacts",
        "id = '{id}'",
        &[
            ("email", "'{e}'"),
            ("phone", "'+49 731 {c}'"),
            ("first_name", "'Canarius'"),
            ("last_name", "'{c}'"),
            ("company", "'{c}'"),
            ("job_title", "'{c}'"),
            ("website", "'{c}'"),
            ("street", "'{c}'"),
            ("city", "'{c}'"),
            ("region", "'{c}'"),
            ("postal_code", "'{c}'"),
            ("country", "'{c}'"),
            ("language", "'{c}'"),
            ("customer_code", "'{c}'"),
            ("source", "'{c}'"),
            ("custom", "'{\"shoe\": \"{c}\"}'"),
        ],
    ),
    (
        "contact_identities",
        "contact_id = '{id}' and kind = 'telegram'",
        &[("value", "'{c}'"), ("value_norm", "'{c}'")],
    ),
    (
        "postal_addresses",
        "contact_id = '{id}'",
        &[
            ("lines", "'{c}'"),
            ("city", "'{c}'"),
            ("region", "'{c}'"),
            ("postcode", "'{c}'"),
            ("country", "'{c}'"),
        ],
    ),
    (
        "contact_merges",
        "winner_id = '{id}'",
        &[
            ("winner_before", "'{\"city\": \"{c}\"}'"),
            ("loser_before", "'{\"city\": \"{c}\"}'"),
            ("winner_after", "'{\"city\": \"{c}\"}'"),
            ("carried", "'{\"tags\": \"{c}\"}'"),
            ("said", "'{\"before\": \"{c}\"}'"),
        ],
    ),
    (
        "duplicate_candidates",
        "low_id = '{id}'",
        &[("reasons", "'[{\"why\": \"company\", \"value\": \"{c}\"}]'")],
    ),
    ("contact_notes", "contact_id = '{id}'", &[("body", "'{c}'")]),
    ("contact_tags", "contact_id = '{id}'", &[("source", "'{c}'")]),
    ("contact_change_people", "contact_id = '{id}'", &[("was", "'{\"source\": \"{c}\"}'")]),
    ("contact_list_members", "contact_id = '{id}'", &[("source", "'{c}'")]),
    ("consents", "contact_id = '{id}'", &[("source", "'{c}'"), ("wording", "'{c}'"), ("address", "'{c}'")]),
    (
        "suppressions",
        "address_hash = app.address_hash(organization_id, '{e}')",
        &[("address", "'{e}'"), ("detail", "'{c}'")],
    ),
    ("import_refusals", "line = 3", &[("cells", "'[\"{e}\", \"{c}\"]'")]),
    ("import_pieces", "offset_bytes = 11", &[("bytes", "convert_to(E'\\n{e},{c}\\nother', 'UTF8')")]),
    (
        "imports",
        "true",
        &[
            ("sample", "'[[\"email\"], [\"{e}\", \"{c}\"], [\"sparrowine\"]]'"),
            ("unknown", "'{\"stage\": {\"cells\": {\"{e} {c}\": 1, \"sparrowine\": 1}, \"more\": 0}}'"),
            ("meanings", "'{\"stage\": {\"{e} {c}\": \"\", \"sparrowine\": \"\"}}'"),
        ],
    ),
    ("import_changes", "contact_id = '{id}'", &[("was", "'{\"city\": \"{c}\"}'")]),
    ("export_pieces", "piece = 1", &[("bytes", "convert_to(E'{e},{c}\\n', 'UTF8')")]),
    ("exports", "true", &[("view", "'q={e}+{c}'")]),
    (
        "events",
        "contact_id = '{id}'",
        &[("payload", "'{\"contact\": \"{id}\", \"from\": \"{c}\", \"kind\": \"call\"}'")],
    ),
    ("notices", "path like '%{id}'", &[("title", "'{c}'"), ("path", "'/contacts/{id}'")]),
    ("mail_messages", "kind = 'notice'", &[("subject", "'{c}'"), ("source", "convert_to('{c}', 'UTF8')")]),
    (
        "kept_mail",
        "recipient = 'zoe@acme-customer.test'",
        &[("recipient", "'{e}'"), ("subject", "'{c}'"), ("source", "convert_to('{c}', 'UTF8')")],
    ),
    ("channel_outbox", "subject_id = '{id}'", &[("detail", "'{c}'")]),
    (
        "recipients",
        "contact_id = '{id}'",
        &[("address", "'{e}'"), ("merge", "'{\"first_name\": \"{c}\"}'"), ("bounce_detail", "'{c}'")],
    ),
    (
        "deals",
        "name = 'Twelve rockets'",
        &[("name", "'For {n}, {m}'"), ("lost_reason", "'{n} left, {m}'"), ("source", "'{n}, {m}'")],
    ),
    ("deal_notes", "true", &[("body", "'Canarius wants them red, {m}'")]),
    ("deal_stage_history", "true", &[("reason", "'{n} wrote to {e}, {m}'")]),
    ("tasks", "contact_id = '{id}'", &[("title", "'Call Canarius, {m}'"), ("notes", "'{e} or {n}, {m}'")]),
    (
        "job_queue",
        "kind = 'campaigns.trial'",
        &[
            ("payload", "'{\"contact\": \"{id}\", \"to\": \"{c}\"}'"),
            ("last_error", "'{c}'"),
            ("dedupe_key", "'{c}'"),
        ],
    ),
];

/// Personal columns into which no word of ours can be put, and why.
const ELSEWISE: &[(&str, &str)] = &[
    ("contacts.sort_name", "computed from her name"),
    ("contacts.search", "computed from her name"),
    ("deals.sort_name", "computed"),
    ("suppressions.address_hash", "a hash"),
    ("channel_outbox.address_hash", "a hash"),
    // The log takes rows through its own door, which the test goes through.
    ("audit_log.subject_name", "written by changing her"),
    ("audit_log.before", "written by changing her"),
    ("audit_log.after", "written by changing her"),
    ("audit_log.reason", "nobody has to say why"),
    ("audit_log.address", "a member's own"),
];

const HER_ADDRESS: &str = "zoe.canarius@acme-customer.test";

/// What the town lacks of her, and a neighbour who has some of everything.
const MORE: &str = "
    update contacts set job_title = 'canarius of a part' where merged_into = '{id}';
    insert into contact_identities (organization_id, id, contact_id, kind, value, value_norm, created_at)
    values ('{org}', gen_random_uuid(), '{id}', 'telegram', 'x', 'x', now());
    insert into suppressions (organization_id, address_hash, address, reason, created_at)
    values ('{org}', app.address_hash('{org}', '{e}'), '{e}', 'complaint', now());
    insert into import_refusals (organization_id, import_id, line, reason, cells)
    select organization_id, id, 3, 'x', '[]' from imports where organization_id = '{org}';
    insert into import_pieces (organization_id, import_id, offset_bytes, bytes)
    select organization_id, id, 11, 'x' from imports where organization_id = '{org}';
    insert into export_pieces (organization_id, export_id, piece, bytes)
    select organization_id, id, 1, 'x' from exports where organization_id = '{org}';
    insert into events (organization_id, occurred_at, id, kind, payload, contact_id)
    values ('{org}', now(), gen_random_uuid(), 'contact.moved', '{}', '{id}');
    insert into notices (organization_id, id, user_id, kind, title, path, created_at)
    values ('{org}', '00000000-0000-7000-8000-00000000aaaa', '00000000-0000-7000-8000-000000000011', 'contacts.mentioned', 'x', '/contacts/{id}', now());
    insert into mail_messages (id, idempotency_key, kind, recipient, subject, source, status, created_at)
    values (gen_random_uuid(), 'notice:00000000-0000-7000-8000-00000000aaaa', 'notice', 'olga@acme.test', 'x', 'x', 'kept', now());
    insert into job_queue (organization_id, id, kind, payload, status, max_attempts)
    values ('{org}', gen_random_uuid(), 'campaigns.trial', '{}', 'done', 1);
    insert into contacts (organization_id, id, email, first_name, last_name, city, created_at, updated_at)
    values ('{org}', '00000000-0000-7000-8000-00000000bbbb', 'sparrowine@acme-customer.test', 'Sparrowine', 'Sparrowine', 'Sparrowine', now(), now());
    insert into contact_notes (organization_id, id, contact_id, body, author_id, created_at, updated_at)
    values ('{org}', gen_random_uuid(), '00000000-0000-7000-8000-00000000bbbb', 'sparrowine', '00000000-0000-7000-8000-000000000011', now(), now());
    insert into import_pieces (organization_id, import_id, offset_bytes, bytes)
    select organization_id, id, 99, 'sparrowine' from imports where organization_id = '{org}';
    insert into tasks (organization_id, id, title, kind, priority, repeats, contact_id, created_at, updated_at)
    values ('{org}', gen_random_uuid(), 'Call Sparrowine', 'call', 'normal', 'never', '00000000-0000-7000-8000-00000000bbbb', now(), now());
    insert into recipients (organization_id, broadcast_id, contact_id, address, merge)
    select organization_id, broadcast_id, '00000000-0000-7000-8000-00000000bbbb', 'sparrowine@acme-customer.test', '{\"city\": \"sparrowine\"}'
      from recipients where organization_id = '{org}';
    insert into events (organization_id, occurred_at, id, kind, payload, contact_id)
    values ('{org}', now(), gen_random_uuid(), 'contact.moved', '{\"from\": \"sparrowine\"}', '00000000-0000-7000-8000-00000000bbbb');
";

fn filled(text: &str, word: &str) -> String {
    let name = "Canarius canarius-contacts-last_name";
    text.replace("{c}", word)
        .replace("{m}", &word.replace(WORD, "mark"))
        .replace("{e}", HER_ADDRESS)
        .replace("{n}", name)
        .replace("{id}", ACME.contact)
        .replace("{org}", ACME.org)
}

/// Fills everything. Gives what has to be found of her: a word for each column.
pub(super) async fn plant(app: &TestApp) -> Vec<String> {
    sqlx::raw_sql(AssertSqlSafe(filled(MORE, ""))).execute(&app.owner).await.expect("her rows are made");
    let mut words = Vec::new();
    let mut done: BTreeSet<String> = BTreeSet::new();
    for (table, rows, columns) in PLACES {
        let set: Vec<String> = columns
            .iter()
            .map(|(column, value)| {
                let word = format!("{WORD}-{table}-{column}");
                done.insert(format!("{table}.{column}"));
                if value.contains("{c}") {
                    words.push(word.clone());
                }
                if value.contains("{m}") {
                    words.push(word.replace(WORD, "mark"));
                }
                format!("{column} = {}", filled(value, &word))
            })
            .collect();
        let of_acme = if *table == "mail_messages" {
            String::new()
        } else {
            format!(" and organization_id = '{}'", ACME.org)
        };
        let sql = format!("update {table} set {} where {}{of_acme}", set.join(", "), filled(rows, ""));
        let planted = sqlx::query(AssertSqlSafe(sql.clone())).execute(&app.owner).await;
        let planted = planted.unwrap_or_else(|error| panic!("{error}: {sql}"));
        assert!(planted.rows_affected() > 0, "nothing of hers in {table}");
    }
    let wanted: BTreeSet<String> = app::holdings()
        .all()
        .iter()
        .flat_map(|held| held.personal.iter().map(move |column| format!("{}.{column}", held.table)))
        .filter(|column| !ELSEWISE.iter().any(|(known, _)| known == column))
        .collect();
    let missing: Vec<_> = wanted.difference(&done).collect();
    assert!(missing.is_empty(), "plant a word of hers in {missing:?}");
    words
}
