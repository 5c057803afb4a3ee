//! A design for whoever sends it: both templates, their links, and what is wrong with them.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{
    DesignId, draft,
    merge::{Compiled, Link, MergeFields, Problem, Templates},
    render::{self, For, Rendered},
};
use crate::{tenancy::OrgTx, web};

/// A design as it is at this moment.
#[derive(Clone, Debug)]
pub struct Frozen {
    /// The version that it is kept as; only [`freeze`] keeps one.
    pub version: Option<Uuid>,
    pub html: String,
    pub text: String,
    /// Links whose clicks can be counted, by their number in [`Compiled`].
    pub links: Vec<Link>,
    /// Errors stop a mail, warnings do not.
    pub problems: Vec<Problem>,
}

impl Frozen {
    /// For rendering it to many, with this subject.
    pub fn compiled(&self, subject: &str, fields: &MergeFields) -> Result<Compiled, Vec<Problem>> {
        Compiled::new(Templates { subject, html: &self.html, text: &self.text }, fields)
    }
}

/// The design as it is now; none where there is no such design.
pub async fn compile(tx: &mut OrgTx, design: DesignId, fields: &MergeFields) -> web::Result<Option<Frozen>> {
    let Some(draft) = draft::load(tx, design.0).await? else { return Ok(None) };
    let rendered = render::render(&draft.document, For::Recipients).map_err(anyhow::Error::from)?;
    let mut problems: Vec<Problem> =
        render::check(&draft.document, fields).into_iter().map(|(_, problem)| problem).collect();
    let Rendered { html, text } = rendered;
    let links = match Compiled::new(Templates { subject: "", html: &html, text: &text }, fields) {
        Ok(compiled) => compiled.links().to_vec(),
        Err(found) => {
            problems.extend(found.into_iter().filter(|found| !problems.contains(found)).collect::<Vec<_>>());
            Vec::new()
        }
    };
    Ok(Some(Frozen { version: None, html, text, links, problems }))
}

/// The same, kept for ever under an id; the same state is kept once. Needs a transaction that may write.
pub async fn freeze(
    tx: &mut OrgTx,
    design: DesignId,
    fields: &MergeFields,
    now: DateTime<Utc>,
) -> web::Result<Option<Frozen>> {
    let Some(frozen) = compile(tx, design, fields).await? else { return Ok(None) };
    let Some(draft) = draft::load(tx, design.0).await? else { return Ok(None) };
    let rendered = Rendered { html: frozen.html.clone(), text: frozen.text.clone() };
    let blocks = json!({ "styles": draft.document.styles, "blocks": draft.document.blocks });
    let version = draft::queries::keep_version(tx, design.0, &rendered, blocks, now).await?;
    Ok(Some(Frozen { version: Some(version), ..frozen }))
}
