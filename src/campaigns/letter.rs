//! What a broadcast says, compiled once and written for each person.

use serde_json::{Value, json};

use super::tokens::{self, Addressee, Link};
use crate::{
    crypto::Keys,
    designs::merge::{Compiled, Line, MergeFields, Problem, RenderError, Templates, Untracked, Values},
};

/// A broadcast's words, ready for everybody.
pub struct Letter {
    compiled: Compiled,
    preview: Line,
    organization: Value,
    fields: MergeFields,
}

/// What is written to somebody: the three parts of their mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub subject: String,
    pub html: String,
    pub text: String,
}

/// What all of an organization's mail says of it.
#[derive(Clone, Debug, Default)]
pub struct Organization {
    pub name: String,
    /// Where it is, on one line.
    pub address: String,
}

/// How the links of one mail are made.
#[derive(Clone, Copy, Debug)]
pub enum Links<'a> {
    /// For somebody in particular: their own links, and those that are counted.
    For { to: Addressee, keys: &'a Keys, base_url: &'a str, opens: bool, clicks: bool },
    /// A trial: nothing is counted, and the links for stopping lead to a page that says so.
    Trial { base_url: &'a str },
}

impl Letter {
    /// Compiles what was typed; errors stop it.
    pub fn new(
        (subject, preview): (&str, &str),
        (html, text): (&str, &str),
        organization: &Organization,
        fields: &MergeFields,
    ) -> Result<Self, Vec<Problem>> {
        let compiled = Compiled::new(Templates { subject, html, text }, fields)?;
        let preview = Line::new(preview, fields)?;
        let organization = json!({ "name": organization.name, "address": organization.address });
        Ok(Self { compiled, preview, organization, fields: fields.clone() })
    }

    /// The links whose clicks can be counted, in the order of their positions.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.compiled.links().iter().map(|link| link.target.as_str())
    }

    /// The mail to somebody whose fields hold `contact`.
    pub fn write(&self, contact: Value, links: Links<'_>) -> Result<Written, RenderError> {
        let [unsubscribe, preferences, view] = links.own();
        let mut values = json!({
            "contact": self.fields.shown(contact),
            "organization": self.organization,
            "unsubscribe_url": unsubscribe,
            "preferences_url": preferences,
            "view_url": view,
        });
        let preview = self.preview.render(&Values::from(values.clone()))?;
        if let Some(values) = values.as_object_mut() {
            values.insert("preview_text".to_owned(), preview.into());
        }
        let values = Values::from(values);
        let subject = self.compiled.render_subject(&values)?;
        let (mut html, text) = match links {
            Links::For { to, keys, base_url, clicks: true, .. } => {
                let tracked = |position: usize, _: &str| {
                    let position = u16::try_from(position).ok()?;
                    Some(format!("{base_url}/c/{}", tokens::write(keys, to, Link::Click(position))))
                };
                (self.compiled.render_html(&values, &tracked)?, self.compiled.render_text(&values, &tracked)?)
            }
            _ => (
                self.compiled.render_html(&values, &Untracked)?,
                self.compiled.render_text(&values, &Untracked)?,
            ),
        };
        if let Links::For { to, keys, base_url, opens: true, .. } = links {
            look(&mut html, &format!("{base_url}/o/{}.gif", tokens::write(keys, to, Link::Open)));
        }
        Ok(Written { subject, html, text })
    }
}

impl Links<'_> {
    /// To stop, to choose, and to see it as a page.
    fn own(&self) -> [String; 3] {
        match self {
            Self::For { to, keys, base_url, .. } => {
                let preferences = tokens::write(keys, *to, Link::Preferences);
                [
                    format!("{base_url}/u/{preferences}"),
                    format!("{base_url}/p/{preferences}"),
                    format!("{base_url}/v/{}", tokens::write(keys, *to, Link::View)),
                ]
            }
            Self::Trial { base_url } => ["u", "p", "v"].map(|kind| format!("{base_url}/{kind}/trial")),
        }
    }
}

/// Puts the picture that tells of an opened mail at the end of the body.
fn look(html: &mut String, address: &str) {
    let picture =
        format!(r#"<img src="{address}" width="1" height="1" alt="" style="display:block;border:0">"#);
    match html.rfind("</body>") {
        Some(at) => html.insert_str(at, &picture),
        None => html.push_str(&picture),
    }
}
