//! AUD-2: every door that changes something leaves a line of who did it, where, from where, and what it was.

use std::collections::BTreeSet;

use axum::http::Method;
use groundswell::{app, web::routes::Access};

use crate::support::{
    TestApp,
    tenant::{ACME, Tenant},
};

/// What is known of a door: what its form needs, and what of the state is kept.
struct Known {
    path: &'static str,
    /// A form that it takes from Acme's owner.
    form: &'static str,
    action: &'static str,
    has_before: bool,
    has_after: bool,
}

const fn known(
    path: &'static str,
    form: &'static str,
    action: &'static str,
    has_before: bool,
    has_after: bool,
) -> Known {
    Known { path, form, action, has_before, has_after }
}

/// Stands for a form with a picture in it.
const PICTURE: &str = "a picture";

/// Stands for a form with a file of people in it.
const FILE: &str = "a file";

const VALUES: &str = "column.0=stage&cell.0=warm&to.0=%3Dmql";

const RULE: &str = "name=In+Ulm&join.0=all&about.0.0=field:city&is.0.0=is&value.0.0.0=Ulm";

const POINTS: &str = "score=lead&points=5&join.0=all&about.0.0=field:city&is.0.0=is&value.0.0.0=Ulm";

/// Every door by which a member changes something.
const DOORS: &[Known] = &[
    known("/settings", "name=Acme+Ltd&hue=3&time_zone=Europe/Paris", "workspace.changed", true, true),
    known("/settings/security", "", "security.changed", true, true),
    known(
        "/people/standing",
        "to=inactive&person=00000000-0000-7000-8000-000000000012",
        "members.shut_out",
        true,
        true,
    ),
    known(
        "/people/standing/undo?to=active&person=00000000-0000-7000-8000-000000000016",
        "",
        "members.let_in",
        true,
        true,
    ),
    known(
        "/settings/brand",
        "name=Acme+Skies&primary_colour=%23112233&accent_colour=%23aabbcc&reply_to=",
        "brand.changed",
        true,
        true,
    ),
    known("/settings/brand/logo", PICTURE, "brand.logo_changed", true, true),
    known("/settings/brand/logo/delete", "", "brand.logo_changed", true, true),
    known(
        "/people/invite",
        "emails=new@acme.test&role=00000000-0000-7000-8000-0000000aa003",
        "members.invited",
        false,
        true,
    ),
    known("/people/invitations/{id}/resend", "", "invitations.resent", false, true),
    known("/people/invitations/{id}/withdraw", "", "invitations.withdrawn", true, true),
    known(
        "/people/{user}/role",
        "role=00000000-0000-7000-8000-0000000aa003",
        "members.role_changed",
        true,
        true,
    ),
    known("/people/{user}/remove", "", "members.removed", true, false),
    known("/views", "screen=people&name=Active+people&query=status%3Dpending", "views.saved", true, true),
    known("/views/{id}/delete", "", "views.removed", true, false),
    known("/checklist/hide", "", "checklist.hidden", true, true),
    known("/checklist/show", "", "checklist.shown", true, true),
    known("/settings/secrets", "label=Till&value=open-sesame-open-sesame", "secrets.kept", false, true),
    known("/settings/secrets/{id}", "value=open-sesame-open-sesame", "secrets.replaced", true, false),
    known("/settings/secrets/{id}/delete", "is_certain=on", "secrets.deleted", true, false),
    known("/settings/jobs/{id}/retry", "", "jobs.retried", false, false),
    known("/settings/jobs/{id}/cancel", "", "jobs.called_off", false, true),
    known(
        "/settings/roles",
        "role=00000000-0000-7000-8000-0000000aa003&seen=SEEN",
        "roles.changed",
        true,
        true,
    ),
    known(
        "/settings/roles/new",
        "name=Designer&from=00000000-0000-7000-8000-0000000aa002",
        "roles.added",
        false,
        true,
    ),
    known("/contacts", "first_name=Yves", "contacts.added", false, true),
    known(
        "/contacts/{contact}",
        "email=zoe@acme-customer.test&first_name=Yves",
        "contacts.changed",
        true,
        true,
    ),
    known("/contacts/{contact}/standing/{fact}", "to=customer", "contacts.moved", true, true),
    known("/contacts/{contact}/notes", "note=Likes+red", "contacts.noted", false, false),
    known("/contacts/{contact}/notes/{note}", "note=Likes+blue", "contacts.note_changed", false, false),
    known("/contacts/{contact}/notes/{note}/delete", "", "contacts.note_deleted", false, false),
    known("/companies", "name=Coyote", "companies.added", false, true),
    known("/companies/{company}", "name=Roadrunners", "companies.changed", true, true),
    known("/companies/{company}/delete", "", "companies.deleted", true, false),
    known("/contacts/{contact}/company", "company=Roadrunner", "contacts.company_changed", true, true),
    known(
        "/contacts/{contact}/identities",
        "kind=telegram&value=yves_klein",
        "contacts.identity_added",
        false,
        true,
    ),
    known("/contacts/{contact}/identities/{identity}/primary", "", "contacts.identity_used", true, true),
    known("/contacts/{contact}/identities/{identity}/remove", "", "contacts.identity_removed", true, false),
    known("/contacts/{contact}/addresses", "kind=home&lines=Weg+1", "contacts.address_added", false, true),
    known(
        "/contacts/{contact}/addresses/{address}",
        "kind=home&lines=Weg+2",
        "contacts.address_changed",
        true,
        true,
    ),
    known("/contacts/{contact}/addresses/{address}/remove", "", "contacts.address_removed", true, false),
    known(
        "/contacts/{contact}/merge/{other}",
        "stays=one&seen=1767603600000000-1767603600000000",
        "contacts.merged",
        true,
        true,
    ),
    known("/contacts/{contact}/merges/{merge}/undo", "", "contacts.unmerged", false, true),
    known("/contacts/duplicates/look", "", "duplicates.looked_for", false, false),
    known("/contacts/duplicates/{low}/{high}/dismiss", "", "duplicates.dismissed", false, true),
    known("/contacts/duplicates/{low}/{high}/restore", "", "duplicates.restored", false, true),
    known("/contacts/{contact}/archive", "", "contacts.archived", false, false),
    known("/contacts/{contact}/restore", "", "contacts.restored", false, false),
    known(
        "/contacts/several",
        "what=archive&contact=00000000-0000-7000-8000-0000000008a1",
        "changes.made",
        false,
        true,
    ),
    known("/contacts/changes/{change}/start", "", "changes.started", false, true),
    known("/contacts/changes/{change}/stop", "", "changes.stopped", false, false),
    known("/contacts/changes/{change}/undo", "", "changes.undone", false, true),
    known("/contacts/lists", "name=Guests", "lists.added", false, false),
    known("/contacts/lists/{list}/archive", "", "lists.archived", false, false),
    known("/settings/scoring", POINTS, "scores.rule_added", false, true),
    known("/settings/scoring/{rule}", POINTS, "scores.rule_added", false, true),
    known("/settings/scoring/anew", "", "scores.ordered_anew", false, false),
    known("/settings/scoring/{rule}/remove", "", "scores.rule_removed", false, true),
    known("/settings/scoring/{rule}/restore", "", "scores.rule_restored", false, true),
    known("/settings/scoring/usual", "", "scores.rule_added", false, true),
    known("/contacts/segments", RULE, "segments.added", false, true),
    known("/contacts/segments/{list}", RULE, "segments.changed", true, true),
    known("/contacts/segments/{list}/refresh", "", "segments.refreshed", false, false),
    known("/contacts/segments/{list}/archive", "", "segments.archived", false, false),
    known("/settings/fields", "label=Roof+area&kind=number", "fields.added", false, true),
    known("/settings/fields/{field}", "label=Shoe", "fields.changed", true, true),
    known("/settings/fields/{field}/move", "way=up", "fields.moved", false, true),
    known("/settings/fields/{field}/retype", "kind=number", "fields.retyped", true, true),
    known("/settings/fields/{field}/archive", "", "fields.archived", false, false),
    known("/settings/fields/{field}/restore", "", "fields.restored", false, false),
    known("/contacts/tags", "name=New+here&category=Mood", "tags.added", false, true),
    known("/contacts/tags/{tag}", "name=Very+keen", "tags.changed", true, true),
    known(
        "/contacts/tags/{tag}/merge",
        "into=00000000-0000-7000-8000-00000000f1a2",
        "tags.merged",
        true,
        true,
    ),
    known("/contacts/tags/{tag}/archive", "", "tags.archived", false, false),
    known("/contacts/tags/{tag}/restore", "", "tags.restored", false, false),
    known("/contacts/{contact}/tags", "tag=New+here", "tags.put_on", false, true),
    known("/contacts/{contact}/tags/{tag}/remove", "", "changes.made", false, true),
    known("/settings/topics", "name=Offers", "topics.added", false, true),
    known("/settings/topics/{topic}/archive", "", "topics.archived", false, false),
    known("/settings/suppressions", "address=no@acme-customer.test", "suppressions.added", false, false),
    known("/settings/suppressions/{hash}/release", "", "suppressions.released", false, false),
    known("/contacts/imports", FILE, "imports.uploaded", false, true),
    known(
        "/contacts/imports/{import}/match",
        "column.0=email&mode=fill&consent=unknown",
        "imports.matched",
        false,
        true,
    ),
    known("/contacts/imports/{import}/sheet", "sheet=0", "imports.sheet_chosen", false, true),
    known("/contacts/imports/{import}/values", VALUES, "imports.values_decided", false, true),
    known("/contacts/imports/{import}/start", "", "imports.started", false, false),
    known("/contacts/imports/{import}/stop", "", "imports.stopped", false, false),
    known("/contacts/imports/{import}/undo", "", "imports.undone", false, false),
    known("/contacts/exports", "view=q%3Dzoe", "exports.ordered", false, true),
    known("/contacts/exports/{export}/start", "", "exports.started", false, false),
    known("/contacts/exports/{export}/file", "", "exports.fetched", false, false),
    known("/contacts/exports/{export}/stop", "", "exports.stopped", false, false),
    known("/contacts/{contact}/privacy/copy", "", "contacts.handed_out", false, false),
    known(
        "/contacts/{contact}/privacy/erase",
        "confirmation=zoe@acme-customer.test",
        "contacts.erasure_ordered",
        false,
        false,
    ),
    known("/settings/data/erasures/{erasure}/retry", "", "contacts.erasure_retried", false, false),
    known("/settings/data/rules", "kind=read_notices&on=on&days=30", "retention.changed", true, true),
    known("/settings/support/{id}/end", "", "support.ended", true, true),
    known("/settings/roles/{id}/view", "", "roles.looked_as", false, false),
    known("/settings/roles/{id}", "name=Onlooker", "roles.renamed", true, true),
    known("/designs", "name=Launch&starter=announcement", "designs.created", false, true),
    known("/designs/{id}/name", "name=Rockets", "designs.renamed", true, true),
    known("/designs/{id}/duplicate", "", "designs.copied", false, true),
    known("/designs/{id}/archive", "", "designs.archived", false, false),
    known("/designs/{id}/restore", "", "designs.restored", false, false),
    known("/designs/{id}/undo", "", "designs.changed", true, true),
    known("/designs/{id}/redo", "", "designs.changed", true, true),
    known("/designs/{id}/styles", "accent=%23112233", "designs.changed", true, true),
    known("/designs/{id}/blocks", "kind=button", "designs.changed", true, true),
    known("/designs/{id}/blocks/{block}", "text=Hello&rev=9", "designs.changed", true, true),
    known("/designs/{id}/blocks/{block}/move", "way=down", "designs.changed", true, true),
    known("/designs/{id}/blocks/{block}/duplicate", "", "designs.changed", true, true),
    known("/designs/{id}/blocks/{block}/remove", "", "designs.changed", true, true),
    known("/campaigns/new", "name=Summer", "campaigns.added", false, true),
    known("/campaigns/{campaign}/copy", "", "campaigns.copied", false, true),
    known("/campaigns/{campaign}/archive", "", "campaigns.archived", false, false),
    known("/campaigns/{campaign}/restore", "", "campaigns.restored", false, false),
    known("/campaigns/{campaign}/draft/{part}", "rev=1&subject=Hello", "campaigns.changed", true, true),
    known("/campaigns/{campaign}/test", "addresses=olga@acme.test", "campaigns.tested", false, true),
    known("/campaigns/{campaign}/start", "rev=1", "campaigns.started", false, true),
    known("/campaigns/{campaign}/schedule", "rev=1", "campaigns.scheduled", false, true),
    known("/campaigns/{campaign}/undo", "", "campaigns.undone", true, false),
    known("/campaigns/{campaign}/pause", "", "campaigns.paused", true, false),
    known("/campaigns/{campaign}/resume", "", "campaigns.resumed", true, false),
    known("/campaigns/{campaign}/cancel", "", "campaigns.cancelled", true, true),
    known("/campaigns/{campaign}/settle", "outcome=sent", "campaigns.settled", false, true),
    known(
        "/campaigns/{campaign}/report/people/list",
        "name=Readers&what=opened",
        "lists.added",
        false,
        false,
    ),
    known("/tasks", "title=Call&due=2026-12-01", "tasks.added", false, true),
    known("/tasks/{task}", "title=Call+again", "tasks.changed", true, true),
    known("/tasks/{task}/done", "", "tasks.done", false, false),
    known("/tasks/{task}/reopen", "", "tasks.reopened", false, false),
    known("/tasks/{task}/delete", "", "tasks.deleted", false, false),
    known("/tasks/{task}/restore", "", "tasks.restored", false, false),
    known("/deals", "name=Moon&value=10&currency=EUR", "deals.added", false, true),
    known(
        "/deals/{deal}/move",
        "from=00000000-0000-7000-8000-0000000016a1&to=00000000-0000-7000-8000-0000000016a2",
        "deals.moved",
        true,
        true,
    ),
    known("/deals/{deal}/lose", "reason=Price", "deals.lost", true, true),
    known("/deals/{deal}/facts/{fact}", "name=Moon", "deals.changed", true, true),
    known("/deals/{deal}/archive", "", "deals.archived", false, false),
    known("/deals/{deal}/restore", "", "deals.restored", false, false),
    known("/deals/{deal}/notes", "note=Hello", "deals.noted", false, false),
    known("/deals/{deal}/notes/{note}", "note=Bye", "deals.note_changed", false, false),
    known("/deals/{deal}/notes/{note}/delete", "", "deals.note_deleted", false, false),
    known(
        "/deals/{deal}/people",
        "contact=00000000-0000-7000-8000-0000000008a1",
        "deals.contact_added",
        false,
        true,
    ),
    known("/deals/{deal}/people/{contact}/primary", "", "deals.primary_changed", false, true),
    known("/deals/{deal}/people/{contact}/remove", "", "deals.contact_removed", true, false),
    known("/settings/pipelines", "name=Resale", "pipelines.added", false, true),
    known("/settings/pipelines/{pipeline}", "name=Selling", "pipelines.renamed", true, true),
    known(
        "/settings/pipelines/{pipeline}/stages",
        "name=Demo&probability=40",
        "pipelines.stage_added",
        false,
        true,
    ),
    known(
        "/settings/pipelines/{pipeline}/stages/{stage}",
        "name=Demo&probability=40",
        "pipelines.stage_changed",
        true,
        true,
    ),
    known("/settings/pipelines/{pipeline}/stages/{stage}/move", "way=down", "pipelines.ordered", true, true),
    known(
        "/settings/pipelines/{pipeline}/stages/{stage}/remove",
        "to=00000000-0000-7000-8000-0000000016a2",
        "pipelines.stage_removed",
        true,
        true,
    ),
    known(
        "/settings/pipelines/{pipeline}/archive",
        "to=00000000-0000-7000-8000-0000000016c1",
        "pipelines.archived",
        true,
        true,
    ),
    known("/settings/pipelines/{pipeline}/restore", "", "pipelines.restored", true, true),
    known("/settings/pipelines/{pipeline}/first", "", "pipelines.made_first", true, true),
    known("/settings/roles/{id}/delete", "", "roles.removed", true, false),
    known("/settings/sending/senders", "name=Acme&email=hello@acme.test", "senders.added", false, true),
    known("/settings/sending/senders/{sender}", "name=Acme+News", "senders.changed", true, true),
    known("/settings/sending/senders/{sender}/archive", "", "senders.archived", false, false),
    known("/settings/sending/domains", "domain=acme.example", "domains.added", false, true),
    known("/settings/sending/domains/{domain}/remove", "", "domains.removed", true, false),
    known("/settings/sending/server", "host=smtp.acme.test", "mail_server.changed", true, true),
    known("/settings/sending/server/try", "", "mail_server.tried", false, true),
    known("/settings/sending/server/remove", "", "mail_server.removed", true, false),
];

/// Another pipeline of Acme, before the one that there is.
const RESALE: &str = "
    insert into pipelines (organization_id, id, name, position, created_at)
    select organization_id, '00000000-0000-7000-8000-0000000015c1', 'Resale', 0, created_at from pipelines where id::text like '%15a1';
    insert into pipeline_stages (organization_id, pipeline_id, id, name, kind, probability, position, created_at)
    select organization_id, '00000000-0000-7000-8000-0000000015c1', '00000000-0000-7000-8000-0000000016c1', name, kind, probability, position, created_at
      from pipeline_stages where id::text like '%16a1'";

/// What must be there for a door to have something to do.
async fn prepare(app: &TestApp, path: &str) {
    // An import as it stands before the step that is tried.
    let status = match path.rsplit('/').next() {
        Some("match") => "update imports set status = 'matching', started_at = null",
        Some("sheet") => {
            "update imports set status = 'matching', started_at = null, sheets = '[{\"name\": \"People\", \"bytes\": 10}]'"
        }
        Some("values") => {
            "update imports set status = 'ready', started_at = null, unknown = '{\"stage\": {\"cells\": {\"warm\": 1}}}'"
        }
        Some("start") => {
            "update imports set status = 'ready', started_at = null; update exports set status = 'cancelled'; update contact_changes set status = 'stopped'"
        }
        Some("stop") => {
            "update imports set status = 'running'; update exports set status = 'running'; update contact_changes set status = 'running'"
        }
        Some("{other}") => {
            "delete from contact_merges; update contacts set merged_into = null, archived_at = null"
        }
        Some("redo") => "update designs set cursor = 0",
        Some("restore") => {
            "update contacts set archived_at = now(); update deals set archived_at = now(); update tasks set deleted_at = now(); update score_rules set removed_at = now(); update pipelines set archived_at = now()"
        }
        Some("archive" | "first") => RESALE,
        Some("usual") => "update score_rules set removed_at = now()",
        Some("reopen") => "update tasks set done_at = now()",
        Some("people") => "delete from deal_contacts",
        Some("schedule") => "update broadcasts set begins_at = '2026-12-01 09:00+00' where status = 'draft'",
        Some("undo") => "update broadcasts set status = 'queued', begins_at = now() where status = 'draft'",
        Some("pause" | "cancel") => "update broadcasts set status = 'sending' where status = 'draft'",
        Some("resume") => "update broadcasts set status = 'paused' where status = 'draft'",
        Some("settle") => {
            "update channel_outbox set status = 'unknown', source_id = '00000000-0000-7000-8000-0000000011a1'"
        }
        _ => "select 1",
    };
    sqlx::raw_sql(status).execute(&app.owner).await.unwrap();
    // A role that nobody holds and that is Acme's own.
    let sql = "update roles set is_system = false where id = '00000000-0000-7000-8000-0000000aa003';
               update job_queue set status = case organization_id
                          when '00000000-0000-7000-8000-00000000000a' then 'waiting' else status end;
               update brand_profiles set postal_address = '1 Sky Road, Denver';
               update support_grants set ended_at = null, ended_by = '', starts_at = '2026-11-21 08:50+00', ends_at = '2026-11-21 09:50+00';
               update organization_members set role_id = '00000000-0000-7000-8000-0000000aa002'
                where role_id = '00000000-0000-7000-8000-0000000aa003'";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();
}

/// The forms that are sent twice hold what the first answer says.
async fn filled(door: &Known, browser: &mut crate::support::Browser, path: &str) -> String {
    if !door.form.contains("SEEN") {
        return door.form.to_owned();
    }
    let preview = browser.post(path, &door.form.replace("SEEN", "")).await;
    door.form.replace("SEEN", &preview.field("seen"))
}

async fn try_door(door: &Known) {
    let app = TestApp::new().await.leaves_jobs();
    prepare(&app, door.path).await;
    let tenant: Tenant = ACME;
    // What is done to somebody is done to Mia: nobody does it to themselves.
    let to_mia = Tenant { people: [tenant.people[1]; 3], ..tenant };
    let path = to_mia.fill(&format!("/w/{{org}}{}", door.path));
    let mut olga = app.sign_in(tenant.owner).await;
    let form = filled(door, &mut olga, &path).await;
    let seen: i64 = app.stored("select max(seq) from audit_log where organization_id::text like '%a'").await;

    let reply = match door.form {
        PICTURE => {
            let (body, kind) = crate::orgs::brand::upload(20, 20);
            olga.send_bytes(Method::POST, &path, &body, &[kind]).await
        }
        FILE => {
            let (body, kind) = crate::contacts::imports::file("people.csv", b"email\na@b.test\n");
            olga.send_bytes(Method::POST, &path, &body, &[kind]).await
        }
        _ => olga.post(&path, &form).await,
    };

    assert!(reply.status.is_success() || reply.status.is_redirection(), "{path}: {}", reply.status);
    let rows: Vec<(String, Option<String>, String, String, bool, bool)> = sqlx::query_as(
        "select action, actor_id::text, address, request_id, before is not null, after is not null
           from audit_log where organization_id = $1::uuid and seq > $2 and outcome = 'done'",
    )
    .bind(tenant.org)
    .bind(seen)
    .fetch_all(&app.owner)
    .await
    .unwrap();
    let row = rows.iter().find(|row| row.0 == door.action);
    let row = row.unwrap_or_else(|| panic!("{path} wrote {rows:?} ({}): {}", reply.status, reply.text()));
    assert_eq!(row.1.as_deref(), Some(tenant.people[0]), "{path}: who");
    assert_eq!((row.2.as_str(), row.3.len()), ("203.0.113.9", 36), "{path}: from where, in which request");
    assert_eq!((row.4, row.5), (door.has_before, door.has_after), "{path}: before and after");
}

#[tokio::test]
async fn every_door_that_changes_something_is_in_the_log_with_who_where_and_what_it_was() {
    for door in DOORS {
        try_door(door).await;
    }
}

/// Doors of agencies, which Acme is none: `clients` tests that they leave their line.
const OF_AGENCIES: &str = "/w/{org}/clients";

#[test]
fn every_door_of_a_workspace_that_takes_a_form_is_known() {
    let doors = app::routes(false);
    let posts = doors.doors().iter().filter(|door| {
        door.method == Method::POST && door.access == Access::Workspace && !door.path.starts_with(OF_AGENCIES)
    });
    let there: BTreeSet<String> = posts.map(|door| door.path.clone()).collect();
    let path = |door: &Known| format!("/w/{{org}}{}", door.path.split('?').next().unwrap());
    let tried: BTreeSet<String> = DOORS.iter().map(path).collect();
    assert_eq!(there, tried, "tests/it/audit/completeness.rs must know each door, and no other");
}
