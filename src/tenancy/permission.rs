//! What a member may be allowed to do, and the sentences that say it.

use super::Mode;

/// Something a member may be allowed to do. Declared in the domain that it guards.
pub trait Permission: Send + Sync + 'static {
    /// As stored in a role: `contacts.edit`.
    const KEY: &'static str;
    const MODE: Mode;
}

/// A permission as it is shown to whoever gives it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Described {
    pub key: &'static str,
    pub sentence: &'static str,
}

/// Every permission there is. A domain that adds one adds its sentence here.
pub const CATALOGUE: &[Described] = &[
    Described { key: "workspace.view", sentence: "Enter the workspace and see its home page" },
    Described { key: "workspace.edit", sentence: "Change the workspace's name, colour and time zone" },
    Described { key: "security.edit", sentence: "Decide how people must sign in to this workspace" },
    Described {
        key: "secrets.edit",
        sentence: "Keep keys and passwords of other services here, and replace them",
    },
    Described { key: "members.view", sentence: "See who is in this workspace" },
    Described { key: "members.edit", sentence: "Let people in and shut them out" },
    Described { key: "roles.view", sentence: "See what each role may do" },
    Described { key: "roles.edit", sentence: "Change what each role may do" },
    Described { key: "audit.view", sentence: "Read the log of who changed what" },
    Described { key: "jobs.view", sentence: "See what is done in the background" },
    Described { key: "jobs.edit", sentence: "Try background work again, and call it off" },
    Described { key: "brand.edit", sentence: "Decide how this workspace looks to those it writes to" },
    Described { key: "contacts.view", sentence: "See contacts, their timeline and lists" },
    Described { key: "contacts.edit", sentence: "Add, change, import and archive contacts" },
    Described { key: "contacts.export", sentence: "Take contacts out as a file" },
    Described {
        key: "contacts.privacy",
        sentence: "Hand out or erase everything about a person, and decide what is kept for how long",
    },
    Described { key: "designs.view", sentence: "See the e-mail designs" },
    Described { key: "designs.edit", sentence: "Make and change e-mail designs" },
    Described { key: "campaigns.view", sentence: "See campaigns and their reports" },
    Described { key: "campaigns.edit", sentence: "Make and change campaigns" },
    Described { key: "campaigns.send", sentence: "Send campaigns, pause them and call them off" },
    Described { key: "deals.view", sentence: "See deals, and how far they are" },
    Described { key: "deals.edit", sentence: "Make deals, change them and move them on" },
    Described { key: "pipelines.manage", sentence: "Decide which stages deals go through" },
    Described { key: "tasks.view", sentence: "See what everybody here has to do" },
    Described { key: "tasks.edit", sentence: "Make tasks, change them and mark them as done" },
    Described { key: "senders.edit", sentence: "Decide who campaigns are from, and which server sends them" },
    Described { key: "clients.view", sentence: "See the clients of this agency that one may enter" },
    Described { key: "clients.edit", sentence: "Add clients, and decide who of the agency works for them" },
    Described { key: "clients.access_all", sentence: "Enter every client of this agency" },
];

/// The sentence for a permission; its key where nobody has written one.
pub fn sentence_of(key: &'static str) -> &'static str {
    CATALOGUE.iter().find(|known| known.key == key).map_or(key, |known| known.sentence)
}
