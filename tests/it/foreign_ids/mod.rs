//! Ids of another organization in forms and queries (TEN-3): the fields come from the source, so that a
//! new one that may hold an id must say here how it is tried.

mod elsewhere;

use std::collections::{BTreeMap, BTreeSet};

use elsewhere::{ELSEWHERE, WORDS};
use regex_lite::Regex;

use crate::{
    contacts, deals,
    house_rules::source::{File, files},
    support::{
        Browser, Reply, TestApp,
        canaries::{self, CANARY},
        rows,
        tenant::{ACME, INITECH},
    },
    tasks,
};

/// A request that is taken with an own id in one field, and must not be with Initech's.
pub(crate) struct Try {
    field: &'static str,
    by: &'static str,
    is_post: bool,
    path: &'static str,
    /// `ID` stands for the id.
    form: &'static str,
    own: &'static str,
    theirs: &'static str,
}

pub(crate) const fn post(
    field: &'static str,
    (by, path, form): (&'static str, &'static str, &'static str),
    (own, theirs): (&'static str, &'static str),
) -> Try {
    Try { field, by, is_post: true, path, form, own, theirs }
}

pub(crate) const fn get(
    field: &'static str,
    (path, query): (&'static str, &'static str),
    (own, theirs): (&'static str, &'static str),
) -> Try {
    Try { field, by: OLGA, is_post: false, path, form: query, own, theirs }
}

pub(crate) const OLGA: &str = "olga@acme.test";
const ADA: &str = "ada@brightside.test";
pub(crate) const MIA_OR_IRIS: (&str, &str) =
    ("00000000-0000-7000-8000-000000000012", "00000000-0000-7000-8000-000000000022");
const LEE_OR_IRIS: (&str, &str) =
    ("00000000-0000-7000-8000-000000000016", "00000000-0000-7000-8000-000000000022");
const ABE_OR_IRIS: (&str, &str) =
    ("00000000-0000-7000-8000-000000000032", "00000000-0000-7000-8000-000000000022");
const ROLES: (&str, &str) = ("00000000-0000-7000-8000-0000000aa003", INITECH.role);
const JOBS: (&str, &str) = ("00000000-0000-7000-8000-0000000005a1", INITECH.job);

pub(crate) const CONTACTS: (&str, &str) = (ACME.contact, INITECH.contact);
const REPORTED: &str = "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a2/report/people";
const LISTS: (&str, &str) = (ACME.list, INITECH.list);
const TAGS: (&str, &str) = (ACME.tag, INITECH.tag);

const PREVIEW: &str = "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a1/preview";
const SENDERS: (&str, &str) =
    ("00000000-0000-7000-8000-0000000012a1", "00000000-0000-7000-8000-0000000012b1");

/// Every try: those below, and those of domains that keep theirs.
fn all_tries() -> impl Iterator<Item = &'static Try> {
    TRIES
        .iter()
        .chain(deals::foreign::TRIES)
        .chain(tasks::foreign::TRIES)
        .chain(contacts::scoring::TRIES)
        .chain(contacts::segments::foreign::TRIES)
}

const TRIES: &[Try] = &[
    post(
        "campaigns/draft/form.rs DraftForm.include",
        (
            OLGA,
            "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a1/draft/audience",
            "rev=1&whom=lists&include=ID",
        ),
        LISTS,
    ),
    post(
        "campaigns/draft/form.rs DraftForm.exclude",
        (
            OLGA,
            "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a1/draft/audience",
            "rev=1&whom=everybody&exclude=ID",
        ),
        LISTS,
    ),
    post(
        "campaigns/draft/form.rs DraftForm.topic",
        (
            OLGA,
            "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a1/draft/audience",
            "rev=1&whom=everybody&topic=ID",
        ),
        (ACME.topic, INITECH.topic),
    ),
    post(
        "campaigns/draft/form.rs DraftForm.sender",
        (OLGA, "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a1/draft/sender", "rev=1&sender=ID"),
        SENDERS,
    ),
    post(
        "campaigns/draft/form.rs DraftForm.design",
        (OLGA, "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a1/draft/content", "rev=1&design=ID"),
        (ACME.design, INITECH.design),
    ),
    get("campaigns/trial/preview.rs PreviewQuery.person", (PREVIEW, "as=ID"), CONTACTS),
    get(
        "designs/editor/page.rs Look.person",
        ("/w/acme/designs/00000000-0000-7000-8000-000000000da1", "as=ID"),
        CONTACTS,
    ),
    post(
        "campaigns/trial/test_mail.rs TestForm.person",
        (
            OLGA,
            "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a2/test",
            "addresses=olga@acme.test&as=ID",
        ),
        CONTACTS,
    ),
    post(
        "orgs/people/person.rs RoleForm.role",
        (OLGA, "/w/acme/people/00000000-0000-7000-8000-000000000012/role", "role=ID"),
        ROLES,
    ),
    post(
        "orgs/people/routes.rs StandingForm.person",
        (OLGA, "/w/acme/people/standing", "to=inactive&person=ID"),
        MIA_OR_IRIS,
    ),
    post(
        "orgs/people/routes.rs UndoQuery.person",
        (OLGA, "/w/acme/people/standing/undo?to=active&person=ID", ""),
        LEE_OR_IRIS,
    ),
    post(
        "orgs/invitations/sending.rs InviteForm.role",
        (OLGA, "/w/acme/people/invite", "emails=new@acme.test&role=ID"),
        ROLES,
    ),
    post(
        "orgs/roles/routes.rs NewForm.from",
        (OLGA, "/w/acme/settings/roles/new", "name=Designer&from=ID"),
        ROLES,
    ),
    post("orgs/roles/grid.rs GridForm.role", (OLGA, "/w/acme/settings/roles", "role=ID&seen=SEEN"), ROLES),
    post(
        "orgs/roles/grid.rs GridForm.grant",
        (OLGA, "/w/acme/settings/roles", "role=ID&grant=ID:workspace.view&grant=ID:members.view&seen=SEEN"),
        ROLES,
    ),
    post(
        "orgs/clients/access_page.rs AssignForm.person",
        (ADA, "/w/brightside/clients/acme/assign", "person=ID&role=00000000-0000-7000-8000-0000000aa003"),
        ABE_OR_IRIS,
    ),
    post(
        "orgs/clients/access_page.rs AssignForm.role",
        (ADA, "/w/brightside/clients/acme/assign", "person=00000000-0000-7000-8000-000000000032&role=ID"),
        ROLES,
    ),
    post(
        "orgs/clients/access_page.rs EndForm.person",
        (ADA, "/w/brightside/clients/acme/end", "person=ID"),
        MIA_OR_IRIS,
    ),
    post(
        "orgs/clients/inviting.rs InviteForm.client",
        (ADA, "/w/brightside/clients/invite", "emails=new@acme.test&client=ID&role=viewer"),
        ("acme", "initech"),
    ),
    // Beside an own one, too: all or nothing.
    post(
        "orgs/clients/inviting.rs InviteForm.client",
        (ADA, "/w/brightside/clients/invite", "emails=new@acme.test&client=acme&client=ID&role=viewer"),
        ("acme", "initech"),
    ),
    get("orgs/jobs/routes.rs ListQuery.before", ("/w/acme/settings/jobs", "before=ID"), JOBS),
    get("orgs/people/list.rs ListQuery.after", ("/w/acme/people", "after=ID"), MIA_OR_IRIS),
    get("orgs/people/list.rs ListQuery.before", ("/w/acme/people", "before=ID"), MIA_OR_IRIS),
    get(
        "orgs/audit_log/filter.rs LogQuery.older",
        ("/w/acme/settings/audit-log", "older=ID"),
        ("1", INITECH.job),
    ),
    get("contacts/table/mod.rs ListQuery.tag", ("/w/acme/contacts", "tag=ID"), TAGS),
    get(
        "contacts/tags/merge_page.rs MergeForm.into",
        ("/w/acme/contacts/tags/00000000-0000-7000-8000-00000000f1a2/merge", "into=ID"),
        TAGS,
    ),
    post(
        "contacts/tags/merge_page.rs MergeForm.into",
        (OLGA, "/w/acme/contacts/tags/00000000-0000-7000-8000-00000000f1a2/merge", "into=ID"),
        TAGS,
    ),
    get("contacts/table/mod.rs ListQuery.list", ("/w/acme/contacts", "list=ID"), LISTS),
    get(
        "contacts/table/mod.rs ListQuery.rule",
        ("/w/acme/contacts", "join.0=all&about.0.0=list:&is.0.0=in&value.0.0.0=ID"),
        LISTS,
    ),
    get(
        "contacts/table/mod.rs ListQuery.rule",
        ("/w/acme/contacts", "join.0=all&about.0.0=tag:&is.0.0=has&value.0.0.0=ID"),
        TAGS,
    ),
    get("contacts/table/mod.rs ListQuery.after", ("/w/acme/contacts", "after=ID"), CONTACTS),
    get("contacts/table/mod.rs ListQuery.before", ("/w/acme/contacts", "before=ID"), CONTACTS),
    get("campaigns/report/people.rs PeopleQuery.after", (REPORTED, "what=opened&after=ID"), CONTACTS),
    get("campaigns/report/people.rs PeopleQuery.before", (REPORTED, "what=opened&before=ID"), CONTACTS),
    post(
        "contacts/standing/routes.rs StandingForm.to",
        (OLGA, "/w/acme/contacts/00000000-0000-7000-8000-0000000008a1/standing/owner", "to=ID"),
        MIA_OR_IRIS,
    ),
    post(
        "contacts/companies/form.rs CompanyForm.owner",
        (OLGA, "/w/acme/companies", "name=Coyote&owner=ID"),
        MIA_OR_IRIS,
    ),
    post(
        "contacts/companies/form.rs CompanyForm.contact",
        (OLGA, "/w/acme/companies", "name=Coyote&contact=ID"),
        CONTACTS,
    ),
    post(
        "contacts/companies/assigning.rs AssignForm.company",
        (OLGA, "/w/acme/contacts/00000000-0000-7000-8000-0000000008a1/company", "company=ID"),
        (ACME.company, INITECH.company),
    ),
    get(
        "contacts/companies/routes.rs ListQuery.after",
        ("/w/acme/companies", "after=ID"),
        (ACME.company, INITECH.company),
    ),
    get(
        "contacts/companies/routes.rs ListQuery.before",
        ("/w/acme/companies", "before=ID"),
        (ACME.company, INITECH.company),
    ),
    post(
        "contacts/table/routes.rs SeveralForm.contact",
        (OLGA, "/w/acme/contacts/several", "what=archive&contact=ID"),
        CONTACTS,
    ),
    post(
        "contacts/table/routes.rs SeveralForm.list",
        (OLGA, "/w/acme/contacts/several", "what=list&list=ID&contact=00000000-0000-7000-8000-0000000008a1"),
        LISTS,
    ),
    post(
        "contacts/table/routes.rs SeveralForm.owner",
        (
            OLGA,
            "/w/acme/contacts/several",
            "what=owner&owner=ID&contact=00000000-0000-7000-8000-0000000008a1",
        ),
        MIA_OR_IRIS,
    ),
    Try {
        by: ADA,
        ..get(
            "orgs/clients/routes.rs ListQuery.after",
            ("/w/brightside/clients", "after=ID"),
            ("acme", INITECH.org),
        )
    },
    Try {
        by: ADA,
        ..get(
            "orgs/clients/routes.rs ListQuery.before",
            ("/w/brightside/clients", "before=ID"),
            ("acme", INITECH.org),
        )
    },
];

/// Every field of every form and query in this file, as `path Struct.field`, with its type.
fn fields(file: &File, read: &BTreeSet<String>) -> Vec<(String, String, String)> {
    let structs = Regex::new(r"struct (\w+) \{([^}]*)\}").unwrap();
    let field = Regex::new(r"(?m)^    (?:pub(?:\([a-z ]+\))? )?(\w+): (.+),$").unwrap();
    let path = file.path.trim_start_matches("src/");
    // Comments may hold braces.
    let text: String =
        file.text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut all = Vec::new();
    for found in structs.captures_iter(&text).filter(|found| read.contains(&found[1])) {
        for one in field.captures_iter(&found[2]) {
            all.push((format!("{path} {}.{}", &found[1], &one[1]), one[1].to_owned(), one[2].to_owned()));
        }
    }
    all
}

/// The types that this file reads out of forms and addresses.
fn read_in(file: &File) -> Vec<String> {
    let read = Regex::new(r"(?:Form|Query)<(\w+)>").unwrap();
    read.captures_iter(&file.text).map(|found| found[1].to_owned()).collect()
}

#[test]
fn every_field_that_may_hold_an_id_is_tried() {
    let sources: Vec<File> =
        files("src", ".rs").into_iter().filter(|file| !file.path.starts_with("src/dev/")).collect();
    // Types are told apart by the domain they are in: a form is read where it is declared, or beside it.
    let mut read: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in &sources {
        read.entry(file.module().to_owned()).or_default().extend(read_in(file));
    }
    let all: Vec<_> =
        sources.iter().filter_map(|file| Some(fields(file, read.get(file.module())?))).flatten().collect();
    assert!(all.len() >= 90, "only {} fields were found", all.len());
    let tried: BTreeSet<&str> = all_tries().map(|one| one.field).collect();
    let known = |key: &str| tried.contains(key) || ELSEWHERE.iter().any(|(field, _)| *field == key);
    let forgotten: Vec<_> = all
        .iter()
        .filter(|(key, name, kind)| {
            let is_id = kind.contains("Uuid") || kind.contains("Id>") || kind.ends_with("Id");
            !known(key) && (is_id || !WORDS.contains(&name.as_str()))
        })
        .map(|(key, ..)| key)
        .collect();
    assert!(forgotten.is_empty(), "say how these are tried with another organization's id: {forgotten:#?}");
    let there: BTreeSet<&str> = all.iter().map(|(key, ..)| key.as_str()).collect();
    let gone: Vec<_> = tried
        .iter()
        .copied()
        .chain(ELSEWHERE.iter().map(|(key, _)| *key))
        .filter(|key| !there.contains(key))
        .collect();
    assert!(gone.is_empty(), "these fields are gone: {gone:?}");
}

/// A town in which each own id has something to be taken for.
async fn town() -> TestApp {
    let app = TestApp::new().await.leaves_jobs();
    let sql = "update roles set is_system = false where id = '00000000-0000-7000-8000-0000000aa003';
               update broadcasts set sender_id = null, design_id = null, topic_id = null where id::text like '%11a1';
               delete from campaign_audiences where broadcast_id::text like '%11a1';
               delete from deal_contacts where deal_id::text like '%17a1'";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();
    app
}

async fn send(browser: &mut Browser, one: &Try, id: &str) -> Reply {
    let (path, form) = (one.path.replace("ID", id), one.form.replace("ID", id));
    if !one.is_post {
        return browser.get(&format!("{path}?{form}")).await;
    }
    let mut form = form;
    if form.contains("SEEN") {
        // What is looked at first and then confirmed.
        let preview = browser.post(&path, &form.replace("SEEN", "")).await;
        // Where nothing would change there is nothing to confirm.
        if !preview.body.contains("name=\"seen\"") {
            return preview;
        }
        form = form.replace("SEEN", &preview.field("seen"));
    }
    browser.post(&path, &form).await
}

/// What a refusal may leave behind: that somebody was here, and that they were denied.
const TRACES: &[&str] = &["web_sessions", "audit_log", "audit_heads"];

async fn try_with_their_id(one: &Try) {
    let app = town().await;
    canaries::plant(&app.owner, &INITECH).await;
    let theirs = rows::of_organization(&app.owner, &INITECH).await;
    let everything = rows::everything(&app.owner, TRACES).await;

    let reply = send(&mut app.sign_in(one.by).await, one, one.theirs).await;

    let what = format!("{} got {}", one.field, reply.status);
    assert!(!reply.status.is_server_error(), "{what}");
    assert!(!reply.body.contains(CANARY), "{what}: {}", reply.body);
    assert_eq!(rows::changed(&theirs, &rows::of_organization(&app.owner, &INITECH).await), [""; 0], "{what}");
    assert_eq!(rows::changed(&everything, &rows::everything(&app.owner, TRACES).await), [""; 0], "{what}");
    let done = "select count(*) from audit_log where outcome = 'done' and seq > 1";
    assert_eq!(app.stored::<i64>(done).await, 0, "{what}");
}

async fn is_taken_with_an_own_id(one: &Try) {
    let app = town().await;
    let before = rows::everything(&app.owner, &["web_sessions"]).await;
    let reply = send(&mut app.sign_in(one.by).await, one, one.own).await;
    let is_taken = reply.status.is_success() || reply.status.is_redirection();
    assert!(is_taken, "{}: {} {}", one.field, reply.status, reply.text());
    if one.is_post {
        let changed = rows::changed(&before, &rows::everything(&app.owner, &["web_sessions"]).await);
        assert!(changed.iter().any(|table| table == "audit_log"), "{}: {changed:?}", one.field);
    }
}

#[tokio::test]
async fn an_id_of_another_organization_is_taken_in_no_field_and_an_own_one_is() {
    for one in all_tries() {
        is_taken_with_an_own_id(one).await;
        try_with_their_id(one).await;
    }
    println!("{} tries, 0 taken", all_tries().count());
}
