//! The first page of a workspace: what is left to set up, and what there is.
//!
//! The checklist ticks itself from what is true; nobody ticks it by hand. It can be put away, for
//! everybody in the workspace, and comes back from the settings.

mod queries;
pub mod routes;
mod views;

use crate::{
    campaigns::SendCampaigns,
    contacts::EditContacts,
    orgs::{EditMembers, EditSecurity, EditWorkspace},
    senders::EditSenders,
    tenancy::Member,
};

/// One thing to set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub title: &'static str,
    pub detail: &'static str,
    pub href: String,
    pub is_done: bool,
}

/// What is true of a workspace, as far as the checklist asks.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub has_chosen_settings: bool,
    pub people: i64,
    pub requires_two_factor: bool,
    pub is_checklist_hidden: bool,
    pub has_contacts: bool,
    pub has_sender: bool,
    pub has_sent: bool,
}

/// What this member can still do to set things up. Only what they are allowed to.
pub fn checklist(member: &Member, facts: &Facts) -> Vec<Task> {
    let user = &member.user;
    let mut tasks = vec![
        Task {
            title: "Prove your address",
            detail: "Done when you opened the link in our mail.",
            href: "/account".into(),
            is_done: true,
        },
        Task {
            title: "Complete your profile",
            detail: "Your title and a picture tell the others who did what.",
            href: "/account".into(),
            is_done: !user.title.is_empty() && user.avatar_version.is_some(),
        },
        Task {
            title: "Turn on two-factor sign-in",
            detail: "A code from your phone keeps others out even if they learn your password.",
            href: "/account/security".into(),
            is_done: user.has_two_factor,
        },
    ];
    if member.may::<EditWorkspace>() {
        tasks.push(Task {
            title: "Name and colour the workspace",
            detail: "The colour stands on every page, so that nobody works in the wrong one.",
            href: member.link("/settings"),
            is_done: facts.has_chosen_settings,
        });
    }
    if member.may::<EditSecurity>() {
        tasks.push(Task {
            title: "Decide how people sign in",
            detail: "You can ask everybody here for two-factor sign-in.",
            href: member.link("/settings/security"),
            is_done: facts.requires_two_factor,
        });
    }
    if member.may::<EditMembers>() {
        tasks.push(Task {
            title: "Invite the others",
            detail: "Each gets a mail with a link, and the role that you choose.",
            href: member.link("/people/invite"),
            is_done: facts.people > 1,
        });
    }
    tasks.extend(first_campaign(member, facts));
    tasks
}

/// The way to a first campaign.
fn first_campaign(member: &Member, facts: &Facts) -> Vec<Task> {
    let tasks = [
        member.may::<EditContacts>().then(|| Task {
            title: "Bring your contacts",
            detail: "From a file of any shape. Nobody is written to before you say so.",
            href: member.link("/contacts/imports/new"),
            is_done: facts.has_contacts,
        }),
        member.may::<EditSenders>().then(|| Task {
            title: "Say who your mail is from",
            detail: "The name and the address that people see, and the domain that vouches for it.",
            href: member.link("/settings/sending"),
            is_done: facts.has_sender,
        }),
        member.may::<SendCampaigns>().then(|| Task {
            title: "Send a first campaign",
            detail: "It asks for what is missing, part by part, and can be sent to yourself first.",
            href: member.link("/campaigns"),
            is_done: facts.has_sent,
        }),
    ];
    tasks.into_iter().flatten().collect()
}
