//! What the editor shows, put together from the draft and the address.

use serde::Deserialize;
use uuid::Uuid;

use super::views::{Check, Editor, Row, Selected};
use crate::{
    contacts::{ContactId, ViewContacts, contact::Contact, found, record},
    designs::{
        EditDesigns,
        blocks::{self, COLUMNS, FOOTER, KINDS, Kind, kind::Standing},
        document::Block,
        draft::Draft,
        merge::{MergeFields, Values},
        people, render,
        samples::{self, SAMPLES, Sample},
    },
    tenancy::{OrgTx, Permission, Scope},
    web::{FieldErrors, Shell},
};

/// How the editor is looked at, as its address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    /// The block that is chosen.
    pub block: String,
    pub panel: String,
    pub view: String,
    #[serde(rename = "as")]
    pub person: String,
}

pub(super) const VIEWS: &[(&str, &str)] = &[
    ("desktop", "Desktop"),
    ("mobile", "Mobile"),
    ("dark", "Dark"),
    ("text", "Text"),
    ("noimages", "No images"),
];
pub(super) const PANELS: &[(&str, &str)] =
    &[("block", "Block"), ("add", "Add"), ("styles", "Styles"), ("checks", "Checks")];

fn known(all: &[(&'static str, &'static str)], key: &str) -> String {
    all.iter()
        .find(|(known, _)| *known == key)
        .or(all.first())
        .map_or_else(String::new, |(key, _)| (*key).to_owned())
}

/// The first sample.
fn usual() -> String {
    SAMPLES.first().map_or_else(String::new, |sample| sample.key.to_owned())
}

impl Look {
    /// Only what exists.
    pub(super) fn checked(self) -> Self {
        let is_sample = SAMPLES.iter().any(|sample| sample.key == self.person);
        let contact = self.person.parse::<Uuid>().map_or_else(|_| usual(), |id| id.to_string());
        Self {
            block: self.block.parse::<Uuid>().map(|id| id.to_string()).unwrap_or_default(),
            panel: known(PANELS, &self.panel),
            view: known(VIEWS, &self.view),
            person: if is_sample { self.person } else { contact },
        }
    }

    pub(super) fn at(&self, block: Option<Uuid>) -> Self {
        Self { block: block.map(|id| id.to_string()).unwrap_or_default(), ..self.clone() }
    }

    /// The same in another panel.
    pub(super) fn on(&self, panel: &str) -> Self {
        Self { panel: panel.to_owned(), ..self.clone() }
    }

    pub(super) fn as_query(&self) -> String {
        let Self { block, panel, view, person } = self;
        format!("block={block}&panel={panel}&view={view}&as={person}")
    }
}

/// What goes wrong with a form, kept for its answer.
#[derive(Default)]
pub(super) struct Trouble {
    pub errors: FieldErrors,
    /// Who else changed the block.
    pub conflict: String,
    /// What was typed, by the field's name.
    pub typed: Vec<(String, String)>,
}

/// What the organization has of its own for the editor.
pub(super) struct Known {
    pub fields: MergeFields,
    /// Whom the mail can be seen as: key and name.
    pub people: Vec<(String, String)>,
}

impl Known {
    /// Beside it the look as it can be had: as nobody who is not there or not to be seen.
    pub(super) async fn load<P: Permission>(
        scope: &Scope<P>,
        tx: &mut OrgTx,
        look: Look,
    ) -> sqlx::Result<(Look, Self)> {
        let sample = |sample: &Sample| (sample.key.to_owned(), sample.name.to_owned());
        let mut all: Vec<(String, String)> = SAMPLES.iter().map(sample).collect();
        if scope.member.may::<ViewContacts>() {
            all.extend(somebody(tx, &look).await?.map(|chosen| (chosen.id.to_string(), chosen.name())));
            let others =
                found::search(tx, "").await?.into_iter().filter(|row| row.id.to_string() != look.person);
            all.extend(others.map(|row| (row.id.to_string(), row.name())));
        }
        let person = if all.iter().any(|(key, _)| *key == look.person) { look.person } else { usual() };
        Ok((Look { person, ..look }, Self { fields: people::fields(tx).await?, people: all }))
    }
}

/// The contact whom the mail is seen as, where it is one.
async fn somebody(tx: &mut OrgTx, look: &Look) -> sqlx::Result<Option<Contact>> {
    let Ok(id) = look.person.parse::<Uuid>() else { return Ok(None) };
    record::find(tx, ContactId(id)).await
}

/// What the fields hold for whom it is seen as: a sample, where contacts are not to be seen.
pub(super) async fn values<P: Permission>(
    scope: &Scope<P>,
    tx: &mut OrgTx,
    look: &Look,
) -> sqlx::Result<Values> {
    let may_see = scope.member.may::<ViewContacts>();
    let contact = if may_see { somebody(tx, look).await? } else { None };
    let contact = match contact {
        Some(one) => people::fields(tx).await?.shown(people::values(&one)),
        None => samples::contact(&look.person),
    };
    Ok(samples::values(&contact, &scope.member.access.name))
}

pub(super) fn editor<P: Permission>(
    shell: Shell,
    scope: &Scope<P>,
    draft: Draft,
    (look, known): (Look, Known),
    trouble: Trouble,
) -> Editor {
    let Known { fields, people } = known;
    let found = render::check(&draft.document, &fields);
    let checks: Vec<Check> = found
        .into_iter()
        .map(|(block, problem)| Check {
            block: block.map(|id| id.to_string()).unwrap_or_default(),
            name: block
                .and_then(|id| draft.document.find(id))
                .map_or_else(|| "The e-mail".to_owned(), summary),
            is_error: problem.is_error(),
            what: problem.what,
        })
        .collect();
    let chosen = look.block.parse().ok().and_then(|id| draft.document.find(id));
    let chosen = chosen.or(draft.document.children(None, 0).first().copied());
    let look = look.at(chosen.map(|block| block.id));
    let mut styles = draft.document.styles.fields();
    let mut selected = chosen.map(|block| selected(block, &draft, trouble.conflict));
    for (name, value) in trouble.typed {
        let typed_in = selected.iter_mut().flat_map(|selected| &mut selected.fields);
        let mine = if look.panel == "styles" {
            styles.iter_mut().find(|field| field.name == name)
        } else {
            typed_in.into_iter().find(|field| field.name == name)
        };
        if let Some(field) = mine {
            field.value = value;
        }
    }
    Editor {
        shell,
        org: scope.member.access.slug.clone(),
        outline: outline(&draft, &look.block),
        palette: palette(&draft, chosen),
        merge_fields: fields.for_people().cloned().collect(),
        people,
        may_edit: scope.member.may::<EditDesigns>()
            && scope.member.viewing_as.is_none()
            && !draft.is_archived,
        errors: trouble.errors,
        checks,
        styles,
        selected,
        look,
        draft,
    }
}

fn summary(block: &Block) -> String {
    blocks::kind(&block.kind).map_or_else(|| block.kind.clone(), |kind| kind.summary(&block.props))
}

fn selected(block: &Block, draft: &Draft, conflict: String) -> Selected {
    let kind = blocks::kind(&block.kind);
    let columns = if block.kind == COLUMNS { draft.document.columns_of(Some(block.id)) } else { 0 };
    Selected {
        id: block.id,
        kind: kind.map_or("Block", |kind| kind.name()),
        icon: kind.map_or("square", |kind| kind.icon()),
        is_locked: block.kind == FOOTER,
        columns: (0..columns).collect(),
        fields: kind.map(|kind| kind.fields(&block.props)).unwrap_or_default(),
        conflict,
    }
}

fn outline(draft: &Draft, chosen: &str) -> Vec<Row> {
    let row = |block: &Block, is_inside: bool| Row {
        id: block.id,
        kind: blocks::kind(&block.kind).map_or("Block", |kind| kind.name()),
        icon: blocks::kind(&block.kind).map_or("square", |kind| kind.icon()),
        summary: summary(block),
        is_inside,
        is_current: block.id.to_string() == chosen,
    };
    let mut rows = Vec::new();
    for block in draft.document.children(None, 0) {
        rows.push(row(block, false));
        for column in 0..draft.document.columns_of(Some(block.id)) {
            rows.extend(
                draft.document.children(Some(block.id), column).into_iter().map(|inner| row(inner, true)),
            );
        }
    }
    rows
}

/// The kinds that can be added where the chosen block stands.
fn palette(draft: &Draft, chosen: Option<&Block>) -> Vec<&'static dyn Kind> {
    let is_inside =
        chosen.is_some_and(|block| block.parent.is_some() && draft.document.find(block.id).is_some());
    let fits =
        |kind: &&&'static dyn Kind| kind.key() != FOOTER && !(is_inside && kind.standing() == Standing::Wide);
    KINDS.iter().filter(fits).copied().collect()
}
