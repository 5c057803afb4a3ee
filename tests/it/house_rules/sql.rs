//! Where SQL stands, what it may be, and that every statement names its organization.

use super::{
    each_is_heard, none,
    source::{Code, File, arguments, files},
    statement::{self, TenantTable, tenant_tables},
};

/// Files other than `queries.rs`, `db/` and `tenancy/` that hold SQL, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    ("src/accounts/session_store.rs", "implements another crate's store: its methods are its queries"),
    ("src/commands/database.rs", "makes the database itself, before there is anything to ask"),
];

/// Where text that was put together may be run as SQL, and why.
const PUT_TOGETHER: &[(&str, &str)] = &[
    ("src/db/mod.rs", "begins a transaction and enters an organization in one round trip"),
    (
        "src/contacts/table/queries.rs",
        "the list that an address describes: columns and order are parts that stand there",
    ),
    (
        "src/contacts/segments/matching/queries.rs",
        "whom a rule holds: parts that stand in segments/compile.rs, where everything typed is bound",
    ),
    (
        "src/campaigns/report/queries.rs",
        "the people whom a number counts: conditions and columns are parts that stand there",
    ),
    (
        "src/deals/table/queries.rs",
        "the table that an address describes: columns and order are parts that stand there",
    ),
    ("src/db/deletion.rs", "names of tables come from the catalogue, which quotes them"),
    ("src/db/migrate.rs", "a password cannot be bound in ALTER ROLE"),
];

/// Where a statement may go across organizations, and why. It runs as groundswell_worker, which sees the
/// queue alone; as groundswell_app it finds nothing (tests/it/statements.rs tries each).
const ACROSS: &[(&str, &str)] = &[
    ("src/jobs/worker/queries.rs", "takes the work of every organization in turn"),
    ("src/jobs/everywhere/queries.rs", "shows and steers the work of all, for who looks after it"),
    ("src/jobs/schedule/queries.rs", "orders and shows what the installation does"),
];

/// A call of `sqlx::query…`.
#[derive(Debug)]
pub struct Query {
    pub sql: Option<String>,
    pub is_macro: bool,
    /// What is bound to `$1`, `$2` …; known of a macro only.
    pub bound: Vec<String>,
}

/// Every call of `sqlx::query…` in this file.
pub fn queries(text: &str) -> Vec<Query> {
    let code = Code::of(text);
    let calls = code.flat.split("sqlx::query").skip(1);
    calls.filter_map(|call| query(&code, call)).collect()
}

fn query(code: &Code, call: &str) -> Option<Query> {
    let name: String = call.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let rest = call.strip_prefix(&name)?;
    let is_macro = rest.starts_with('!');
    let open = after_types(rest.trim_start_matches('!'))?;
    let all = arguments(open);
    let at = all.iter().position(|argument| argument.contains('§'));
    let sql = at.and_then(|at| all.get(at)).and_then(|argument| code.literal_in(argument)).map(str::to_owned);
    let bound = all.iter().skip(at.map_or(usize::MAX, |at| at + 1)).map(ToString::to_string).collect();
    Some(Query { sql, is_macro, bound })
}

/// `rest` behind the opening bracket of its call, types in `::<…>` passed over.
fn after_types(rest: &str) -> Option<&str> {
    let Some(types) = rest.strip_prefix("::<") else { return rest.strip_prefix('(') };
    let mut depth = 1;
    let end = types.char_indices().find(|(_, c)| {
        depth += i32::from(*c == '<') - i32::from(*c == '>');
        depth == 0
    })?;
    types.get(end.0 + 1..)?.strip_prefix('(')
}

fn has_a_place(path: &str) -> bool {
    path.starts_with("src/db/")
        || path.starts_with("src/tenancy/")
        || path.ends_with("/queries.rs")
        || ELSEWHERE.iter().any(|(file, _)| *file == path)
}

fn misplaced(file: &File) -> Vec<String> {
    let flat = Code::of(&file.text).flat;
    let mut complaints = Vec::new();
    if flat.contains("sqlx::query") && !has_a_place(&file.path) {
        complaints.push(format!("{}: SQL belongs into queries.rs", file.path));
    }
    if flat.contains("pub mod queries") {
        complaints.push(format!("{}: queries stay private to their domain", file.path));
    }
    let may_put_together = PUT_TOGETHER.iter().any(|(path, _)| *path == file.path);
    for word in ["AssertSqlSafe", "raw_sql", "QueryBuilder", "query_file"] {
        if flat.contains(word) && !may_put_together {
            complaints.push(format!("{}: {word} is not allowed here", file.path));
        }
    }
    let imports = flat.split("use sqlx::").skip(1).filter_map(|rest| rest.split(';').next());
    if imports.into_iter().any(|names| names.contains("query")) {
        complaints.push(format!("{}: write sqlx::query in full, so that it can be found", file.path));
    }
    complaints
}

fn entering(file: &File) -> Vec<String> {
    let literals = Code::of(&file.text).literals.join("\n").to_lowercase();
    let mentions = ["app.current_organization_id", "set_config(", "set role ", "set session"];
    let found = mentions.iter().filter(|words| literals.contains(**words));
    found.map(|words| format!("{} says “{words}”", file.path)).collect()
}

fn nameless(file: &File, tables: &[TenantTable]) -> Vec<String> {
    let mut complaints = Vec::new();
    for query in queries(&file.text) {
        let Some(sql) = query.sql else {
            if PUT_TOGETHER.iter().any(|(path, _)| *path == file.path) {
                continue;
            }
            complaints.push(format!("{}: the text of a query stands in the query", file.path));
            continue;
        };
        let bound = query.is_macro.then_some(query.bound.as_slice());
        let faults = statement::faults(&sql, bound, tables);
        complaints.extend(
            faults
                .into_iter()
                .map(|fault| format!("{}: {fault}:\n    {}", file.path, statement::folded(&sql))),
        );
    }
    complaints
}

fn source(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn sql_stands_in_queries_and_in_db() {
    none(files("src", ".rs").iter().flat_map(misplaced));
}

#[test]
fn sql_that_stands_elsewhere_is_heard() {
    let planted = [
        "async fn show() { sqlx::query!(\"select 1\") }",
        "use sqlx::{PgPool, query_as};",
        "sqlx::raw_sql(\"select 1\")",
        "conn.execute(AssertSqlSafe(format!(\"select {x}\")))",
        "pub mod queries;",
    ];
    each_is_heard(&planted, |text| misplaced(&source("src/contacts/routes.rs", text)));
    none(misplaced(&source("src/contacts/lists/queries.rs", "sqlx::query!(\"select 1\") // AssertSqlSafe")));
}

#[test]
fn an_organization_is_entered_in_one_file() {
    let others = files("src", ".rs")
        .into_iter()
        .filter(|file| file.path != "src/tenancy/org_tx.rs" && file.path != "src/db/migrate.rs");
    none(others.flat_map(|file| entering(&file)));
    let planted =
        ["\"set local app.current_organization_id = ''\"", "r#\"select SET_CONFIG('app.x', $1, true)\"#"];
    each_is_heard(&planted, |text| entering(&source("src/contacts/queries.rs", text)));
}

#[test]
fn every_statement_on_a_tenant_table_binds_the_organization() {
    let tables = tenant_tables();
    let within = |file: &&File| !ACROSS.iter().any(|(path, _)| file.path == *path);
    none(files("src", ".rs").iter().filter(within).flat_map(|file| nameless(file, &tables)));
}

#[test]
fn a_query_that_binds_no_organization_is_heard() {
    let tables = tenant_tables();
    let planted = [
        "sqlx::query!(\"delete from roles where id = $1\", id)",
        "sqlx::query_scalar!(r#\"select count(*) from roles where organization_id = $1\"#, form.org_id)",
        "sqlx::query_as::<_, (Uuid, String)>(\"select id, key from roles where key = $1\").bind(key)",
        "sqlx::query_as!(Role, \"select id from roles where organization_id = $2\", tx.org(), id)",
        "sqlx::query(statement)",
    ];
    each_is_heard(&planted, |text| nameless(&source("src/orgs/queries.rs", text), &tables));
    let fine = "sqlx::query_as!(Role, \"select id from roles where organization_id = $1\", tx.org())";
    none(nameless(&source("src/orgs/queries.rs", fine), &tables));
}

#[test]
fn every_place_on_the_lists_is_there_still() {
    for (path, reason) in ELSEWHERE.iter().chain(PUT_TOGETHER).chain(ACROSS) {
        let file = files("src", ".rs").into_iter().find(|file| file.path == *path);
        let is_used =
            file.is_some_and(|file| file.text.contains("sqlx::query") || file.text.contains("AssertSqlSafe"));
        assert!(is_used, "{path} is on the list ({reason}) for nothing");
    }
}
