//! From blocks to the templates of a mail: MJML by mrml, styles moved into the elements by css-inline,
//! merge fields hidden meanwhile and put back where they stood.

use std::sync::LazyLock;

use css_inline::CSSInliner;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    blocks::{
        self, COLUMNS,
        draw::{Draw, Inside, TextPart},
    },
    document::{Block, Document},
    merge::{self, MergeFields, Problem, address, html},
    styles::Styles,
};

/// Bytes of HTML behind which Gmail cuts a mail off.
pub const CLIPPED_AT: usize = 102 * 1024;

/// The templates of a mail, merge fields in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    pub html: String,
    pub text: String,
}

#[derive(Debug, thiserror::Error)]
pub enum RenderFault {
    #[error("the blocks make no MJML: {0}")]
    Mjml(String),
    #[error("the styles could not be moved into the elements: {0}")]
    Styles(String),
}

/// For whom it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Whoever gets the mail.
    Recipients,
    /// The editor, which finds each block again by its class.
    Editor,
}

/// Draws a whole design.
pub fn render(document: &Document, whom: For) -> Result<Rendered, RenderFault> {
    let mut hidden = Vec::new();
    let (body, text) = drawn(document, whom, &mut hidden);
    let mjml = page(&document.styles, &body, &mut hidden);
    let parsed = mrml::parse(&mjml).map_err(|error| RenderFault::Mjml(error.to_string()))?;
    let options = mrml::prelude::render::RenderOptions { fonts: Default::default(), ..Default::default() };
    let html = parsed.element.render(&options).map_err(|error| RenderFault::Mjml(error.to_string()))?;
    let html = INLINER.inline(&html).map_err(|error| RenderFault::Styles(error.to_string()))?;
    Ok(Rendered { html: merge::restore(&html, &hidden, html::encoded), text })
}

static INLINER: LazyLock<CSSInliner<'static>> = LazyLock::new(|| {
    CSSInliner::options().load_remote_stylesheets(false).keep_style_tags(false).keep_at_rules(true).build()
});

fn drawn(document: &Document, whom: For, hidden: &mut Vec<String>) -> (String, String) {
    let (mut body, mut text) = (String::new(), TextPart::default());
    for block in document.children(None, 0) {
        let inside =
            if block.kind == COLUMNS { columns(document, block.id, whom, hidden) } else { Inside::default() };
        body.push_str(&one(block, &inside, &document.styles, whom, hidden, false));
        if let Some(kind) = blocks::kind(&block.kind) {
            kind.text(&block.props, &mut text, &inside);
        }
    }
    (body, text.finish())
}

fn columns(document: &Document, parent: Uuid, whom: For, hidden: &mut Vec<String>) -> Inside {
    let mut inside = Inside::default();
    for column in 0..3 {
        let (mut mjml, mut text) = (String::new(), TextPart::default());
        for block in document.children(Some(parent), column) {
            mjml.push_str(&one(block, &Inside::default(), &document.styles, whom, hidden, true));
            if let Some(kind) = blocks::kind(&block.kind) {
                kind.text(&block.props, &mut text, &Inside::default());
            }
        }
        inside.columns.push(mjml);
        inside.texts.push(text.finish());
    }
    inside
}

fn one(
    block: &Block,
    inside: &Inside,
    styles: &Styles,
    whom: For,
    hidden: &mut Vec<String>,
    is_nested: bool,
) -> String {
    let block_id = (whom == For::Editor).then_some(block.id);
    let mut draw = Draw { styles, hidden, block: block_id, is_nested };
    blocks::kind(&block.kind).map_or_else(String::new, |kind| kind.mjml(&block.props, &mut draw, inside))
}

/// Styles of what people write as rich text, and of the dark.
const STYLES: &str = "
    h1, h2, h3 { margin: 0; font-size: inherit; line-height: inherit; font-weight: inherit; }
    p { margin: 0 0 12px; }
    ul, ol { margin: 0 0 12px; padding-left: 24px; }
    li { margin: 0 0 4px; }
    @media (prefers-color-scheme: dark) {
        body, .gw-page { background-color: #14161b !important; }
        .gw-card, .gw-card > table { background-color: #1d2027 !important; }
        .gw-text div, .gw-text p, .gw-text li, .gw-text h1, .gw-text h2, .gw-text h3 { color: #e8eaef !important; }
        .gw-text a { color: #a9bcff !important; }
        .gw-muted div, .gw-muted p, .gw-muted a { color: #aab0bd !important; }
    }";

fn page(styles: &Styles, body: &str, hidden: &mut Vec<String>) -> String {
    let preview = merge::hide("{{ preview_text }}", hidden);
    let Styles { width, background, text, accent, font, .. } = styles;
    format!(
        "<mjml lang=\"en\"><mj-head><mj-preview>{preview}</mj-preview>\
         <mj-raw><meta name=\"color-scheme\" content=\"light dark\" /><meta name=\"supported-color-schemes\" content=\"light dark\" /></mj-raw>\
         <mj-attributes><mj-all font-family=\"{font}\" /><mj-text color=\"{text}\" font-size=\"16px\" line-height=\"1.55\" /></mj-attributes>\
         <mj-style>a {{ color: {accent}; }} {STYLES}</mj-style></mj-head>\
         <mj-body width=\"{width}px\" background-color=\"{background}\" css-class=\"gw-page\">{body}</mj-body></mjml>"
    )
}

/// Everything that is wrong with a design, block by block: the block, where it is one's, and what.
pub fn check(document: &Document, fields: &MergeFields) -> Vec<(Option<Uuid>, Problem)> {
    let mut found = Vec::new();
    for block in &document.blocks {
        let Some(kind) = blocks::kind(&block.kind) else { continue };
        let mut problems = kind.check(&block.props);
        for field in kind.fields(&block.props) {
            problems.extend(merge::check(&field.value, fields).err().unwrap_or_default());
            problems.extend(links_in(&field.value));
        }
        found.extend(problems.into_iter().map(|problem| (Some(block.id), problem)));
    }
    if let Ok(rendered) = render(document, For::Recipients)
        && rendered.html.len() > CLIPPED_AT
    {
        let what =
            format!("The e-mail has {} KB; Gmail cuts it off behind 102 KB.", rendered.html.len() / 1024);
        found.push((None, Problem::warning(what, "")));
    }
    found.sort_by_key(|(_, problem)| std::cmp::Reverse(problem.severity));
    found
}

/// Addresses of links in rich text that lead nowhere.
fn links_in(kept: &str) -> Vec<Problem> {
    let links = kept.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(html::decoded);
    let wrong = links.filter(|link| !link.contains("{{"));
    wrong
        .filter_map(|link| {
            address::fault(&link).map(|fault| Problem::error(format!("The address of a link {fault}."), link))
        })
        .collect()
}

/// Tells one state of a design from another.
pub fn fingerprint(rendered: &Rendered) -> Vec<u8> {
    Sha256::new()
        .chain_update(&rendered.html)
        .chain_update([0])
        .chain_update(&rendered.text)
        .finalize()
        .to_vec()
}
