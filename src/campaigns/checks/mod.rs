//! What stands in the way of a campaign, and what should be looked at before it leaves.
//!
//! [`checks`] is pure: the same facts give the same list. [`facts`] reads them, within the transaction that
//! starts a campaign once more.

pub mod facts;
mod queries;

pub use facts::{Audience, Content, Facts, gather};

use crate::{designs::merge::Problem, numbers};

/// People beyond whom mailbox providers want mail to be signed.
const FEW: i64 = 500;
/// Characters of a subject that most programs show.
const SUBJECT: usize = 70;
/// Characters of a first name.
const NAME: usize = 6;
/// Bytes of HTML behind which Gmail cuts a mail off.
const CLIPPED_AT: usize = 102 * 1024;
/// Letters below which a mail with pictures is nothing but pictures.
const WORDLESS: usize = 200;

/// Whether something stops a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Stops,
    Warns,
    Fine,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub level: Level,
    pub title: String,
    /// What to do about it, or why it is fine.
    pub what: String,
    /// Where: behind the workspace's own address, and its words.
    pub link: Option<(String, &'static str)>,
}

impl Check {
    fn new(level: Level, title: impl Into<String>, what: impl Into<String>) -> Self {
        Self { level, title: title.into(), what: what.into(), link: None }
    }

    fn at(self, path: impl Into<String>, words: &'static str) -> Self {
        Self { link: Some((path.into(), words)), ..self }
    }
}

/// Everything that was looked at: what stops it first.
pub fn checks(facts: &Facts) -> Vec<Check> {
    let mut found = Vec::new();
    audience(facts, &mut found);
    sender(facts, &mut found);
    words(facts, &mut found);
    content(facts, &mut found);
    law(facts, &mut found);
    found.sort_by_key(|check| check.level);
    found
}

/// Characters of a line as people see it: a merge field is about as long as a first name.
pub fn shown(line: &str) -> usize {
    let mut pieces = line.split("{{");
    let before = pieces.next().map_or(0, |text| text.chars().count());
    let behind = |piece: &str| piece.split_once("}}").map_or(0, |(_, text)| text.chars().count());
    before + pieces.map(|piece| NAME + behind(piece)).sum::<usize>()
}

/// The first thing that stops it.
pub fn stop(checks: &[Check]) -> Option<&Check> {
    checks.iter().find(|check| check.level == Level::Stops)
}

fn part(facts: &Facts, part: &str) -> String {
    format!("/campaigns/{}?open={part}#{part}-part", facts.campaign)
}

fn audience(facts: &Facts, found: &mut Vec<Check>) {
    let to = part(facts, "audience");
    let (gets, left_out) = (facts.audience.gets(), facts.audience.left_out());
    if !facts.is_chosen {
        let what = "Choose everybody, or the lists of people it is for.";
        found.push(Check::new(Level::Stops, "It is for nobody yet", what).at(to, "Choose people"));
    } else if gets == 0 {
        let what = match left_out {
            0 => "There is nobody in what was chosen.".to_owned(),
            _ => format!("All {} people who were chosen are left out.", numbers::grouped(left_out)),
        };
        found.push(Check::new(Level::Stops, "Nobody would get it", what).at(to, "Choose people"));
    } else {
        let title = format!("{} {} it", numbers::people(gets), if gets == 1 { "gets" } else { "get" });
        let what = match left_out {
            0 => "Nobody is left out.".to_owned(),
            _ => format!("{} are left out: {}.", numbers::grouped(left_out), facts.audience.reasons()),
        };
        found.push(Check::new(Level::Fine, title, what));
    }
    for file in &facts.fresh_imports {
        let what = "It was imported less than a day ago, and nobody declared that these people agreed. Mail to \
                    people who did not ask is called spam, and then all of your mail suffers.";
        let title = format!("People of “{file}” may not expect this");
        found.push(Check::new(Level::Warns, title, what).at("/contacts/imports", "See the import"));
    }
}

fn sender(facts: &Facts, found: &mut Vec<Check>) {
    let settings = "/settings/sending";
    if !facts.has_server {
        let what = "There is no mail server, so everything stays in the built-in mailbox, where it can be read. \
                    Nothing leaves this machine.";
        found.push(Check::new(Level::Warns, "Nothing will leave", what).at(settings, "Name a mail server"));
    }
    if facts.sender.is_none() {
        let what = "Choose whom it is from: the name and the address that people see.";
        let from = part(facts, "sender");
        found.push(Check::new(Level::Stops, "It is from nobody yet", what).at(from, "Choose a sender"));
    } else if facts.is_signed {
        found.push(Check::new(Level::Fine, "The sender's domain vouches for it", "It is signed with DKIM."));
    } else {
        let too_many = facts.has_server && facts.audience.gets() > FEW;
        let level = if too_many { Level::Stops } else { Level::Warns };
        let what = "Large mailbox providers refuse mail to many people that its domain has not signed. Add the \
                    domain and publish its two records.";
        let check = Check::new(level, "The sender's domain does not sign it", what);
        found.push(check.at(settings, "Add the domain"));
    }
}

fn words(facts: &Facts, found: &mut Vec<Check>) {
    let subject = part(facts, "subject");
    let length = shown(&facts.subject);
    if facts.subject.trim().is_empty() {
        let what = "Nobody opens a mail without one.";
        found.push(Check::new(Level::Stops, "The subject is missing", what).at(&subject, "Write it"));
    } else if length > SUBJECT {
        let what = format!("It has {length} characters; most inboxes cut it off behind {SUBJECT}.");
        found.push(Check::new(Level::Warns, "The subject is long", what).at(&subject, "Shorten it"));
    }
    if facts.preview_text.trim().is_empty() {
        let what = "Inboxes show the first words of the mail beside the subject instead.";
        found.push(Check::new(Level::Warns, "No preview text", what).at(&subject, "Write one"));
    }
    problems(&facts.said, "The subject or the preview text", (&subject, "Change it"), found);
}

fn problems(all: &[Problem], whose: &str, (path, words): (&str, &'static str), found: &mut Vec<Check>) {
    for problem in all {
        let level = if problem.is_error() { Level::Stops } else { Level::Warns };
        let place =
            if problem.place.is_empty() { String::new() } else { format!(" “{}”", problem.place) };
        found.push(Check::new(level, format!("{whose}{place}"), &problem.what).at(path, words));
    }
}

fn content(facts: &Facts, found: &mut Vec<Check>) {
    let Some(content) = &facts.content else {
        let what = "Choose a design: what it says and how it looks.";
        let path = part(facts, "content");
        found.push(Check::new(Level::Stops, "There is no content yet", what).at(path, "Choose a design"));
        return;
    };
    let editor = format!("/designs/{}", content.id);
    problems(&content.problems, "The content", (&editor, "Open the editor"), found);
    if content.can_unsubscribe {
        found.push(Check::new(Level::Fine, "People can unsubscribe", "The link stands in the footer."));
    } else {
        let what = "Every mail needs one, and this design has none. Put the footer back.";
        let check = Check::new(Level::Stops, "There is no link to unsubscribe", what);
        found.push(check.at(&editor, "Open the editor"));
    }
    let is_told = content.problems.iter().any(|problem| problem.what.contains("102 KB"));
    if content.bytes > CLIPPED_AT && !is_told {
        let what = format!("It has {} KB; Gmail cuts it off behind 102 KB.", content.bytes / 1024);
        found.push(Check::new(Level::Warns, "It is large", what).at(&editor, "Open the editor"));
    }
    if content.images > 0 && content.letters < WORDLESS {
        let what = "Many people see no pictures at first, and filters mistrust mail without words. Say in text \
                    what it is about.";
        found
            .push(Check::new(Level::Warns, "It is nearly all pictures", what).at(&editor, "Open the editor"));
    }
}

fn law(facts: &Facts, found: &mut Vec<Check>) {
    let brand = "/settings/brand";
    if facts.address.trim().is_empty() {
        let what = "The law of many countries wants to know where you are: it stands in the footer.";
        let check = Check::new(Level::Stops, "Your postal address is missing", what);
        found.push(check.at(brand, "Write it into the brand"));
    } else {
        found.push(Check::new(Level::Fine, "Your postal address is in it", &facts.address));
    }
    if !facts.base_url.starts_with("https://") {
        let is_local = ["http://localhost", "http://127.0.0.1", "http://[::1]"]
            .iter()
            .any(|local| facts.base_url.starts_with(local));
        let level = if is_local { Level::Warns } else { Level::Stops };
        let what = "Links in the mail, the one to unsubscribe among them, begin with the address of this \
                    installation, and inboxes want https. Whoever runs it sets GROUNDSWELL_BASE_URL.";
        found.push(Check::new(level, "This installation has no https address", what));
    }
}
