//! What the templates of imports are given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Import, known_by, matching::MatchForm};
use crate::{
    accounts::User,
    contacts::{
        EditContacts,
        contact::FIELDS,
        fields::{Kind, OwnField},
        table::ListQuery,
    },
    tenancy::Member,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "contacts/imports/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    path: String,
    imports: Vec<Import>,
    may_edit: bool,
    me: User,
}

impl Index {
    pub(super) fn new(shell: Shell, member: &Member, imports: Vec<Import>) -> Self {
        let (path, may_edit) = (member.link("/contacts/imports"), member.may::<EditContacts>());
        Self { shell, path, imports, may_edit, me: member.user.clone() }
    }

    fn when(&self, at: DateTime<Utc>) -> String {
        self.me.date_and_time(at)
    }

    fn people(&self) -> &str {
        self.path.trim_end_matches("/imports")
    }
}

#[derive(Template)]
#[template(path = "contacts/imports/new.html")]
pub(super) struct Upload {
    pub shell: Shell,
    pub path: String,
    pub errors: FieldErrors,
}

/// A column with what stands in it and where it may go.
struct Column {
    at: usize,
    header: String,
    samples: String,
    field: String,
    error: String,
}

#[derive(Template)]
#[template(path = "contacts/imports/match.html")]
pub(super) struct Match {
    pub shell: Shell,
    pub path: String,
    pub me: User,
    pub import: Import,
    pub own: Vec<OwnField>,
    pub lists: Vec<(String, String)>,
    /// The names of the tags in use.
    pub tags: Vec<String>,
    /// Who can look after people: id and name.
    pub members: Vec<(String, String)>,
    pub form: MatchForm,
    pub errors: FieldErrors,
}

impl Match {
    fn columns(&self) -> Vec<Column> {
        let headers = self.import.headers();
        let fields = self.form.columns(headers.len());
        let column = |(at, (header, field)): (usize, (String, String))| {
            let cells =
                self.import.rows().filter_map(|row| row.get(at)).filter(|cell| !cell.trim().is_empty());
            let samples: Vec<String> = cells.take(3).map(|cell| cell.chars().take(40).collect()).collect();
            let error = self.errors.of(&format!("column.{at}")).to_owned();
            Column { at, header, samples: samples.join(" · "), field, error }
        };
        headers.into_iter().zip(fields).enumerate().map(column).collect()
    }

    /// Where a column may go: value, label.
    fn choices(&self) -> Vec<(String, String)> {
        let mut choices =
            vec![(String::new(), "Leave out".to_owned()), ("+".to_owned(), "A new field".to_owned())];
        choices.extend(FIELDS.iter().map(|field| (field.key.to_owned(), field.label.to_owned())));
        choices.extend([
            ("stage".to_owned(), "Stage".to_owned()),
            ("lead_status".to_owned(), "Lead status".to_owned()),
            ("external_id".to_owned(), "External id".to_owned()),
        ]);
        choices.insert(3, ("name".to_owned(), "First and last name in one".to_owned()));
        let words = |one: &OwnField| match one.kind {
            Kind::Text => one.label.clone(),
            kind => format!("{} ({})", one.label, kind.words().to_lowercase()),
        };
        choices.extend(self.own.iter().map(|one| (one.input(), words(one))));
        choices
    }

    /// The file that this one is matched like, and when it was imported; none when it is begun from nothing.
    fn like(&self) -> Option<(String, String)> {
        let is_afresh = self.form.value("afresh") == "on";
        let like = self.import.like.clone().filter(|_| !is_afresh);
        like.map(|(name, at)| (name, self.me.date_and_time(at)))
    }

    /// The sheet that is read, and all of them.
    fn sheet(&self) -> String {
        let at = self.import.sheets.iter().position(|sheet| sheet.offset == self.import.begins_at);
        at.unwrap_or(0).to_string()
    }

    fn sheets(&self) -> Vec<(String, String)> {
        let named = self.import.sheets.iter().enumerate();
        named.map(|(at, sheet)| (at.to_string(), sheet.name.clone())).collect()
    }

    fn keys(&self) -> Vec<(&'static str, &'static str)> {
        known_by::ALL.into_iter().map(|one| (one.key(), one.label())).collect()
    }

    fn modes(&self) -> [(&'static str, &'static str); 3] {
        [
            ("fill", "Fill in what is empty"),
            ("overwrite", "Overwrite with what the file says"),
            ("add", "Leave them as they are"),
        ]
    }

    fn consents(&self) -> [(&'static str, &'static str); 2] {
        [("granted", "They agreed to hear from us by e-mail"), ("unknown", "I do not know, or they did not")]
    }

    fn owners(&self) -> Vec<(String, String)> {
        std::iter::once((String::new(), "Nobody".to_owned())).chain(self.members.iter().cloned()).collect()
    }

    fn list_choices(&self) -> Vec<(String, String)> {
        let mut choices = vec![(String::new(), "No list".to_owned())];
        choices.extend(self.lists.iter().cloned());
        choices
    }
}

/// How an import stands, with all that its page needs.
pub(super) struct Progress {
    path: String,
    import: Import,
    reasons: Vec<(String, i64)>,
    may_edit: bool,
    now: DateTime<Utc>,
    me: User,
}

impl Progress {
    pub(super) fn new(
        member: &Member,
        import: Import,
        reasons: Vec<(String, i64)>,
        now: DateTime<Utc>,
    ) -> Self {
        let (path, may_edit) = (member.link("/contacts/imports"), member.may::<EditContacts>());
        Self { path, import, reasons, may_edit, now, me: member.user.clone() }
    }

    fn at(&self) -> String {
        format!("{}/{}", self.path, self.import.id)
    }

    fn is(&self, status: &str) -> bool {
        self.import.status == status
    }

    /// The numbers of what would be done, or of what was: label and number.
    fn numbers(&self) -> Vec<(&'static str, i64)> {
        let has_begun = self.import.started_at.is_some();
        let counts = if has_begun { self.import.done } else { self.import.checked };
        let Some(counts) = counts else { return Vec::new() };
        vec![
            (if has_begun { "Added" } else { "New" }, counts.created),
            (if has_begun { "Updated" } else { "To be updated" }, counts.updated),
            ("Unchanged", counts.unchanged),
            ("Refused", counts.refused),
            ("Suppressed", counts.suppressed),
        ]
    }

    fn good(&self) -> i64 {
        self.import.checked.map_or(0, |counts| counts.good())
    }

    fn step(&self) -> &'static str {
        if self.import.started_at.is_some() { "import" } else { "review" }
    }

    /// Whether something was written that can be taken back.
    fn can_undo(&self) -> bool {
        let is_over = self.is("cancelled") || self.is("failed");
        is_over && self.import.started_at.is_some()
    }

    /// The list of people.
    fn people(&self) -> String {
        self.path.trim_end_matches("/imports").to_owned()
    }

    /// Whether somebody can say what cells mean that are not known.
    fn has_values(&self) -> bool {
        self.may_edit && self.is("ready") && !self.import.unknown.is_empty()
    }

    /// The usual ones of those that mean nothing yet: what the column is called in the file, cell, how often.
    fn values(&self) -> Vec<(String, String, i64)> {
        let (headers, mapping) = (self.import.headers(), &self.import.mapping);
        let header = |column: &str| {
            let at = mapping.iter().position(|key| key == column);
            at.and_then(|at| headers.get(at)).cloned().unwrap_or_else(|| column.to_owned())
        };
        let unknown = self.import.unknown.all();
        let mut all: Vec<(String, String, i64)> = unknown
            .filter(|(column, cell, _)| self.import.meanings.of(column, cell).is_none())
            .map(|(column, cell, count)| (header(column), cell.to_owned(), count))
            .collect();
        all.sort_by_key(|(.., count)| std::cmp::Reverse(*count));
        all.truncate(6);
        all
    }

    /// The form of a segment of those in the list, or with the tag, of the import; empty where it has neither.
    fn segment(&self) -> String {
        let tag = self.import.tag.filter(|_| self.import.tag_name.is_some());
        let query = ListQuery {
            list: self.import.list.map(|list| list.to_string()).unwrap_or_default(),
            tag: tag.map(|tag| tag.to_string()).unwrap_or_default(),
            ..ListQuery::default()
        };
        let rule = query.as_segment();
        let is_of_some = self.may_edit && self.is("done") && !rule.is_empty();
        if is_of_some { format!("{}/segments/look?{rule}", self.people()) } else { String::new() }
    }

    fn refused(&self) -> i64 {
        self.reasons.iter().map(|(_, count)| count).sum()
    }

    /// How fast it goes and how long it still takes, in words.
    fn pace(&self) -> String {
        let Some(begun) = self.import.started_at.filter(|_| self.is("running")) else { return String::new() };
        let seconds = (self.now - begun).num_milliseconds() as f64 / 1000.0;
        let lines = self.import.done.map_or(0, |counts| counts.lines);
        if seconds < 1.0 || lines == 0 || self.import.offset_bytes == 0 {
            return "Just begun".to_owned();
        }
        let rate = lines as f64 / seconds;
        let left = seconds * (self.import.size_bytes - self.import.offset_bytes) as f64
            / self.import.offset_bytes as f64;
        let words = if left < 90.0 {
            format!("about {left:.0} s left")
        } else {
            format!("about {:.0} min left", left / 60.0)
        };
        format!("{rate:.0} lines a second, {words}")
    }

    fn when(&self, at: &Option<DateTime<Utc>>) -> String {
        at.map_or_else(String::new, |at| self.me.date_and_time(at))
    }
}

#[derive(Template)]
#[template(path = "contacts/imports/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    pub progress: Progress,
}

/// How it stands alone, for a page that looks again.
#[derive(Template)]
#[template(path = "contacts/imports/show.html", block = "standing")]
pub(super) struct Standing {
    pub progress: Progress,
}
