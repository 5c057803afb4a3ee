//! Whether an SQL statement names its organization for every tenant table it touches.

use std::collections::BTreeMap;

use regex_lite::Regex;

use super::{
    each_is_heard, none,
    source::{arguments, files},
};

/// A tenant table and the column that says whose a row is, as `app.protect` was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantTable {
    pub name: String,
    pub key: String,
}

/// Every table that a migration protects.
pub fn tenant_tables() -> Vec<TenantTable> {
    let call = pattern(r"app\.protect\('(\w+)'(?:, '(\w+)')?\)");
    let mut tables = Vec::new();
    for migration in files("migrations", ".sql") {
        for found in call.captures_iter(&migration.text) {
            let key = found.get(2).map_or("organization_id", |key| key.as_str());
            tables.push(TenantTable { name: found[1].to_owned(), key: key.to_owned() });
        }
    }
    assert!(tables.len() >= 6, "the migrations protect only {tables:?}");
    tables
}

/// A statement as it is read here: lower case, comments gone, one blank between words.
pub fn folded(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join(" ").to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One place where a statement names a tenant table.
struct Mention<'a> {
    table: &'a TenantTable,
    /// What the statement calls it from there on.
    alias: String,
    verb: String,
    /// The statement after the table's name.
    rest: String,
}

fn mentions<'a>(sql: &str, tables: &'a [TenantTable]) -> Vec<Mention<'a>> {
    let named = pattern(r"(\bfrom|\bjoin|\bupdate|\binto|\busing|,) (?:only )?(?:public\.)?(\w+)");
    let mut found = Vec::new();
    for place in named.captures_iter(sql) {
        let Some(table) = tables.iter().find(|table| table.name == place[2]) else { continue };
        let rest = &sql[place.get(0).map_or(0, |whole| whole.end())..];
        let word = rest
            .trim_start()
            .trim_start_matches("as ")
            .split([' ', ',', ')', '(', ';'])
            .next()
            .unwrap_or_default();
        let is_alias = rest.starts_with(' ') && !word.is_empty() && !AFTER_A_TABLE.contains(&word);
        let alias = if is_alias { word } else { &table.name };
        found.push(Mention {
            table,
            alias: alias.to_owned(),
            verb: place[1].to_owned(),
            rest: rest.to_owned(),
        });
    }
    found
}

const AFTER_A_TABLE: &[&str] = &[
    "where",
    "join",
    "on",
    "left",
    "right",
    "inner",
    "full",
    "cross",
    "set",
    "order",
    "group",
    "limit",
    "returning",
    "values",
    "select",
    "for",
    "using",
    "union",
    "default",
    "do",
    "having",
    "window",
    "offset",
    "tablesample",
];

/// What is wrong with a statement. `bound` are the expressions for `$1`, `$2` …, where they are known.
pub fn faults(sql: &str, bound: Option<&[String]>, tables: &[TenantTable]) -> Vec<String> {
    let sql = folded(sql);
    let mut complaints = Vec::new();
    let mut parameters = Vec::new();
    let mut by_bare_name: BTreeMap<&str, usize> = BTreeMap::new();
    let mentions = mentions(&sql, tables);
    for mention in &mentions {
        let (name, key) = (&mention.table.name, &mention.table.key);
        let is_insert = mention.verb == "into";
        match if is_insert { inserted(mention) } else { compared(&sql, &mention.alias, key) } {
            Named::Parameter(n) => parameters.push(n),
            Named::Column => {}
            Named::No if is_insert => complaints.push(format!("inserts into {name} without binding {key}")),
            Named::No => *by_bare_name.entry(key).or_default() += 1,
        }
        if moves_rows(mention) {
            complaints.push(format!("moves a row of {name} to another organization"));
        }
    }
    for (key, wanted) in by_bare_name {
        let comparison = pattern(&format!(r"(?:^|[^.\w]){key} = \$(\d+)"));
        let found: Vec<usize> =
            comparison.captures_iter(&sql).filter_map(|found| found[1].parse().ok()).collect();
        if found.len() < wanted {
            complaints
                .push(format!("{} mention(s) of a tenant table name no organization", wanted - found.len()));
        }
        parameters.extend(found.into_iter().take(wanted));
    }
    if !mentions.is_empty() && parameters.is_empty() {
        complaints.push("the organization is not bound".to_owned());
    }
    let of_the_transaction = pattern(r"\borg\b");
    for n in parameters {
        let expression = bound.map(|bound| bound.get(n - 1).map_or("", String::as_str));
        if expression.is_some_and(|expression| !of_the_transaction.is_match(expression)) {
            complaints
                .push(format!("${n} stands for the organization but is not bound to the transaction's"));
        }
    }
    complaints
}

fn moves_rows(mention: &Mention<'_>) -> bool {
    let Some((_, set)) = mention.rest.split_once("set ").filter(|_| mention.verb == "update") else {
        return false;
    };
    let set = set.split(" where ").next().unwrap_or_default();
    pattern(&format!(r"(?:^|[ ,]){} =", mention.table.key)).is_match(set)
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

enum Named {
    /// `= $n`
    Parameter(usize),
    /// Equal to a column that names it.
    Column,
    No,
}

fn compared(sql: &str, alias: &str, key: &str) -> Named {
    let parameter = pattern(&format!(r"\b{alias}\.{key} = \$(\d+)|\$(\d+) = {alias}\.{key}\b"));
    if let Some(found) = parameter.captures(sql) {
        let n = found.get(1).or(found.get(2)).and_then(|n| n.as_str().parse().ok());
        return n.map_or(Named::No, Named::Parameter);
    }
    let column = pattern(&format!(
        r"\b{alias}\.{key} = \w+\.(organization_id|id)\b|\b\w+\.(organization_id|id) = {alias}\.{key}\b"
    ));
    if column.is_match(sql) { Named::Column } else { Named::No }
}

/// Looks for the key in the list of columns, and for a parameter in its place among the values.
fn inserted(mention: &Mention<'_>) -> Named {
    let Some(list) = mention.rest.trim_start().strip_prefix('(') else { return Named::No };
    let Some(at) = arguments(list).iter().position(|column| *column == mention.table.key) else {
        return Named::No;
    };
    let after = list.split_once(')').map_or("", |(_, after)| after).trim_start();
    let values = match after.strip_prefix("values (") {
        Some(values) => arguments(values),
        None => {
            let selected = after.strip_prefix("select ").unwrap_or_default();
            let end = selected.find(" from ").unwrap_or(selected.len());
            selected[..end].split(',').map(str::trim).collect()
        }
    };
    let number = values.get(at).and_then(|value| value.strip_prefix('$'));
    let number = number.map(|number| number.split("::").next().unwrap_or_default());
    number.and_then(|number| number.split(' ').next()?.parse().ok()).map_or(Named::No, Named::Parameter)
}

fn some_tables() -> Vec<TenantTable> {
    let table = |name: &str, key: &str| TenantTable { name: name.into(), key: key.into() };
    vec![
        table("contacts", "organization_id"),
        table("lists", "organization_id"),
        table("organizations", "id"),
    ]
}

#[test]
fn a_statement_that_names_its_organization_is_fine() {
    for sql in [
        "select name from contacts where organization_id = $1 and id = $2",
        "select c.name from contacts c join lists l on l.organization_id = c.organization_id where c.organization_id = $1",
        "select 1 from contacts as c, lists l where c.organization_id = $1 and $1 = l.organization_id",
        "insert into contacts (id, organization_id) values ($2, $1) on conflict do nothing",
        "insert into contacts (organization_id, id) select $1, unnest($2::uuid[])",
        "update contacts set name = $2 where organization_id = $1",
        "delete from contacts\n where organization_id = $1 -- and not others",
        "select o.name from organizations o where o.id = $1",
        "update organizations set name = $2 where id = $1",
        "select email from users where id = $1",
    ] {
        let bound = ["org".to_owned(), "id".to_owned()];
        none(faults(sql, Some(&bound), &some_tables()));
    }
}

#[test]
fn a_statement_that_forgets_its_organization_is_heard() {
    let planted = [
        "select name from contacts",
        "select name from contacts where id = $1",
        "select name from public.contacts c where c.id = $1",
        "select 1 from contacts c join lists l on l.id = c.list_id where c.organization_id = $1",
        "select 1 from contacts where organization_id = $1 and exists (select 1 from lists where name = $2)",
        "select 1 from contacts where organization_id = any($1)",
        "select 1 from contacts where organization_id <> $1",
        "insert into contacts (id, name) values ($1, $2)",
        "insert into contacts values ($1, $2)",
        "insert into contacts (organization_id, id) select organization_id, id from lists where organization_id = $1",
        "update contacts set organization_id = $1 where organization_id = $1 and id = $2",
        "delete from contacts c using lists l where l.organization_id = $1",
        "with gone as (delete from contacts returning id) select id from lists where organization_id = $1",
        "select name from organizations where slug = $1",
        "select 1 from contacts where organization_id = $2",
    ];
    let bound = ["org".to_owned(), "form.organization".to_owned()];
    each_is_heard(&planted, |sql| faults(sql, Some(&bound), &some_tables()));
}
