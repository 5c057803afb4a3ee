//! What the templates of tags are given.

use askama::Template;

use super::{HUES, Tag, TagId, merging::Merge, routes::TagForm};
use crate::{
    contacts::EditContacts,
    numbers,
    tenancy::Member,
    web::{FieldErrors, Shell},
};

/// Tags of one category.
struct Category {
    name: String,
    tags: Vec<Tag>,
}

fn categories(tags: &[Tag]) -> Vec<String> {
    let mut names: Vec<String> = tags.iter().map(|tag| tag.category.clone()).collect();
    names.retain(|name| !name.is_empty());
    names.dedup();
    names
}

fn people(tag: &Tag) -> String {
    numbers::people(tag.people)
}

/// The colours, as pairs of value and name.
fn hues() -> Vec<(i16, &'static str)> {
    const NAMES: [&str; 12] = [
        "Blue", "Indigo", "Violet", "Purple", "Magenta", "Pink", "Red", "Orange", "Amber", "Green", "Teal",
        "Cyan",
    ];
    (0..HUES).zip(NAMES).collect()
}

#[derive(Template)]
#[template(path = "contacts/tags/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    path: String,
    categories: Vec<Category>,
    archived: Vec<Tag>,
    names: Vec<String>,
    may_edit: bool,
    form: TagForm,
    errors: FieldErrors,
}

impl Index {
    pub(super) fn new(
        shell: Shell,
        member: &Member,
        tags: Vec<Tag>,
        (form, errors): (TagForm, FieldErrors),
    ) -> Self {
        let names = categories(&tags);
        let (archived, tags): (Vec<Tag>, Vec<Tag>) =
            tags.into_iter().partition(|tag| tag.archived_at.is_some());
        let mut categories: Vec<Category> = Vec::new();
        for tag in tags {
            match categories.last_mut().filter(|category| category.name == tag.category) {
                Some(category) => category.tags.push(tag),
                None => categories.push(Category { name: tag.category.clone(), tags: vec![tag] }),
            }
        }
        let (path, may_edit) = (member.link("/contacts"), member.may::<EditContacts>());
        Self { shell, path, categories, archived, names, may_edit, form, errors }
    }

    fn people(&self, tag: &Tag) -> String {
        people(tag)
    }

    fn category_names(&self) -> &[String] {
        &self.names
    }

    fn hues(&self) -> Vec<(i16, &'static str)> {
        hues()
    }
}

#[derive(Template)]
#[template(path = "contacts/tags/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    path: String,
    tag: Tag,
    names: Vec<String>,
    /// The other tags in use: id and name.
    others: Vec<(String, String)>,
    form: TagForm,
    errors: FieldErrors,
}

impl Show {
    /// `None` where none of these is it.
    pub(super) fn new(
        shell: Shell,
        path: String,
        (id, tags): (TagId, Vec<Tag>),
        (form, errors): (TagForm, FieldErrors),
    ) -> Option<Self> {
        let tag = tags.iter().find(|tag| tag.id == id).cloned()?;
        let names = categories(&tags);
        let others = tags.into_iter().filter(|other| other.id != id && other.archived_at.is_none());
        let others = others.map(|other| (other.id.to_string(), other.name)).collect();
        Some(Self { shell, path, tag, names, others, form, errors })
    }

    fn people(&self) -> String {
        people(&self.tag)
    }

    fn category_names(&self) -> &[String] {
        &self.names
    }

    fn hues(&self) -> Vec<(i16, &'static str)> {
        hues()
    }
}

#[derive(Template)]
#[template(path = "contacts/tags/merge.html")]
pub(super) struct Merging {
    pub shell: Shell,
    pub path: String,
    pub tag: Tag,
    pub others: Vec<(String, String)>,
    pub into: String,
    pub merge: Option<Merge>,
}

impl Merging {
    fn people(&self, tag: &Tag) -> String {
        people(tag)
    }
}
