//! The catalogue rules that keep organizations apart, checked on the database itself.
//!
//! `audit.sql` holds the rules R1 to R19 and finds every breach of them; this file holds the exceptions,
//! each with its reason. `serve` refuses to start when something is found, `groundswell
//! verify-isolation` prints it, and `tests/it/schema.rs` plants every hole to see that it is found.

use sqlx::PgConnection;

/// One breach of one rule.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Finding {
    /// `R1` to `R19`, as in `audit.sql`.
    pub rule: String,
    /// What breaks it, with its schema: `public.contacts`.
    pub object: String,
    /// What is wrong, for whoever runs this installation.
    pub sentence: String,
}

/// Something that breaks a rule on purpose.
#[derive(Clone, Copy, Debug)]
pub struct Exception {
    pub rule: &'static str,
    pub object: &'static str,
    pub reason: &'static str,
}

const fn may(rule: &'static str, object: &'static str, reason: &'static str) -> Exception {
    Exception { rule, object, reason }
}

/// Every exception there is. One that no longer applies fails a test.
pub const EXCEPTIONS: &[Exception] = &[
    may("R4", "public._sqlx_migrations", "which migrations have been applied; only the owner may read it"),
    may("R4", "public.users", "a person may be in many organizations"),
    may("R4", "public.user_profiles", "belongs to a person"),
    may("R4", "public.user_avatars", "belongs to a person"),
    may("R4", "public.recovery_codes", "belongs to a person"),
    may("R4", "public.web_sessions", "belongs to a browser, often before anybody has signed in"),
    may("R4", "public.mailed_links", "proves an address, often before there is a person or an organization"),
    may("R4", "public.throttles", "counts attempts of whoever makes them"),
    may("R4", "public.mail_messages", "the system's own mail to people"),
    may(
        "R3",
        "public.job_queue.system",
        "the worker takes jobs of every organization; the role sees nothing else",
    ),
    may("R4", "public.job_schedules", "what the installation does again and again"),
    may(
        "R7",
        "app.enqueue_for_installation",
        "orders work of the installation from within any organization; tells nothing",
    ),
    may("R7", "app.ensure_months", "makes the months of the log of events, and of no other table"),
    may("R7", "app.retire_months", "drops months of the log that are more than a year old"),
    may("R17", "public.job_queue_finished_idx", "the worker forgets by age, whosever job it is"),
    may("R7", "app.schema_version", "tells a number, for the readiness check"),
    may("R7", "app.master_keys_in_use", "names keys and counts, to refuse starting without one of them"),
    may("R7", "app.sealed_with_another_key", "gives ids of organizations, each of which is then entered"),
    may("R7", "app.user_organizations", "decides who may enter what, so it runs before anything is entered"),
    may(
        "R7",
        "app.platform_permissions",
        "tells what a person may do for the installation, for the checks below",
    ),
    may(
        "R7",
        "app.platform_organizations",
        "shows kinds and counts to holders of platform.view, whom it asks for",
    ),
    may(
        "R7",
        "app.platform_memberships",
        "shows where somebody is to holders of platform.view, whom it asks for",
    ),
    may(
        "R7",
        "app.support_to_end",
        "gives ids of grants whose time is over, whose organization is then entered",
    ),
    may("R17", "public.support_grants_user_id_idx", "finds where somebody of the support may go"),
    may("R7", "app.organizations_to_compare", "gives ids of organizations, each of which is then entered"),
    may("R7", "app.organizations_to_remind", "gives ids of organizations, each of which is then entered"),
    may("R17", "public.tasks_remind_idx", "finds tasks whose time has come, whosever they are"),
    may("R4", "public.notice_settings", "belongs to a person"),
    may("R7", "app.unread_notices", "counts what a person was told in organizations that they may enter"),
    may("R7", "app.user_notices", "shows a person what they were told in organizations that they may enter"),
    may("R7", "app.mark_notices_read", "marks what a person was told in organizations that they may enter"),
    may("R17", "public.notices_user_id_idx", "finds what a person was told, wherever that was"),
    may("R17", "public.notices_unread_idx", "finds what a person has not read, wherever that was"),
    may("R7", "app.agency_clients", "counts rows of those clients only that the person may enter"),
    may(
        "R7",
        "app.invitation_organization",
        "tells the holder of a link's token whose it is, before it is entered",
    ),
    may(
        "R5",
        "public.contacts_q",
        "searches by index, which row security forbids; shows the entered organization only",
    ),
    may(
        "R5",
        "public.contact_identities_q",
        "finds numbers by their end; shows the entered organization only",
    ),
    may("R5", "public.companies_q", "searches by index; shows the entered organization only"),
    may("R5", "public.deals_q", "searches by index; shows the entered organization only"),
    may("R7", "app.broadcast_of", "tells whose a number in a signed token is, before it is entered"),
    may("R9", "public.broadcasts_number_key", "the numbers are the installation's own and mean nothing"),
    may("R17", "public.broadcasts_number_key", "finds the organization of a token, which does not say it"),
    may("R7", "app.remove_imported", "removes people of one import of the organization that was entered"),
    may(
        "R7",
        "app.organizations_that_forget",
        "says where a rule of retention is on: ids, each of which is entered",
    ),
    may("R7", "app.erase_consents", "for one person of the organization entered whose erasure is under way"),
    may("R7", "app.blank_events", "for one person of the organization entered whose erasure is under way"),
    may(
        "R7",
        "app.blank_deal_history",
        "for one person of the organization entered whose erasure is under way",
    ),
    may("R7", "app.blank_audit", "for one person of the organization entered whose erasure is under way"),
    may(
        "R7",
        "app.forget_events",
        "forgets what is old in the organization entered, where a rule of it says so",
    ),
    may(
        "R9",
        "public.organizations_slug_key",
        "a slug is in the address, so everybody may learn that it is taken",
    ),
    may("R17", "public.organizations_slug_key", "finds an organization by its address"),
    may("R17", "public.organizations_agency_id_idx", "finds the clients of an agency"),
    may("R17", "public.organization_members_user_id_idx", "finds the organizations of a person"),
    may(
        "R17",
        "public.organization_members_invited_by_idx",
        "removing a person clears them from what they did",
    ),
    may("R17", "public.invitations_invited_by_idx", "removing a person clears them from what they did"),
    may(
        "R17",
        "public.invitations_token_hash_idx",
        "finds the organization of a link, which does not say it",
    ),
    may("R17", "public.secrets_created_by_idx", "removing a person clears them from what they did"),
    may("R17", "public.saved_views_user_id_idx", "removing a person removes their views"),
];

/// Every breach of a rule that is not one of the [`EXCEPTIONS`]. Empty is good.
///
/// Reads the catalogue only, which every role may.
pub async fn findings(conn: &mut PgConnection) -> sqlx::Result<Vec<Finding>> {
    let is_meant = |found: &Finding| {
        EXCEPTIONS.iter().any(|exception| exception.rule == found.rule && exception.object == found.object)
    };
    Ok(breaches(conn).await?.into_iter().filter(|found| !is_meant(found)).collect())
}

/// Every breach, those that are meant included.
pub async fn breaches(conn: &mut PgConnection) -> sqlx::Result<Vec<Finding>> {
    sqlx::query_as(include_str!("audit.sql")).fetch_all(conn).await
}
