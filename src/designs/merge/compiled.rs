//! Templates that were compiled once and are rendered for each contact.

use minijinja::{Expression, Value};

use super::{
    MergeFields, OUTPUT_LIMIT, Problem, Values, address, html,
    node::{self, Address, Node, Piece},
    place, plain,
};

/// The three parts of a mail as templates.
#[derive(Clone, Copy, Debug)]
pub struct Templates<'a> {
    pub subject: &'a str,
    pub html: &'a str,
    pub text: &'a str,
}

/// A link whose clicks can be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its number in this mail, the same in the HTML and in the text part.
    pub index: usize,
    /// Where it leads, with the merge fields in it.
    pub target: String,
}

/// Decides what a link leads to instead.
pub trait Links {
    /// The address to put in place of `target`, or `None` to leave it. `index` is that of [`Link`].
    fn tracked(&self, index: usize, target: &str) -> Option<String>;
}

impl<F: Fn(usize, &str) -> Option<String>> Links for F {
    fn tracked(&self, index: usize, target: &str) -> Option<String> {
        self(index, target)
    }
}

/// Leaves every link as it is.
#[derive(Clone, Copy, Debug)]
pub struct Untracked;

impl Links for Untracked {
    fn tracked(&self, _: usize, _: &str) -> Option<String> {
        None
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    #[error("the message would be larger than {OUTPUT_LIMIT} bytes")]
    TooLarge,
    #[error("a merge field could not be computed: {0}")]
    Failed(String),
}

/// A mail, compiled. Rendering it parses nothing and takes `&self`, so that all cores can.
pub struct Compiled {
    subject: Vec<Node>,
    html: Vec<Node>,
    text: Vec<Node>,
    links: Vec<Link>,
}

impl Compiled {
    /// Compiles the templates; anything that is an error stops it, warnings do not.
    pub fn new(templates: Templates<'_>, fields: &MergeFields) -> Result<Self, Vec<Problem>> {
        let mut links = Vec::new();
        let subject = compile(plain::pieces(templates.subject), fields)?;
        let mut html = compile(html::pieces(templates.html), fields)?;
        let mut text = compile(plain::with_links(templates.text), fields)?;
        number(&mut html, &mut links);
        number(&mut text, &mut links);
        Ok(Self { subject, html, text, links })
    }

    /// Every link whose clicks can be counted.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    pub fn render_html(&self, values: &Values, links: &dyn Links) -> Result<String, RenderError> {
        render(&self.html, values, links, true)
    }

    pub fn render_text(&self, values: &Values, links: &dyn Links) -> Result<String, RenderError> {
        render(&self.text, values, links, false)
    }

    /// One line, without characters that could end a header.
    pub fn render_subject(&self, values: &Values) -> Result<String, RenderError> {
        one_line(&self.subject, values)
    }
}

/// One line with merge fields, such as a preview text or a sender's name.
pub struct Line(Vec<Node>);

impl Line {
    pub fn new(template: &str, fields: &MergeFields) -> Result<Self, Vec<Problem>> {
        Ok(Self(compile(plain::pieces(template), fields)?))
    }

    pub fn render(&self, values: &Values) -> Result<String, RenderError> {
        one_line(&self.0, values)
    }
}

fn compile(pieces: Vec<Piece>, fields: &MergeFields) -> Result<Vec<Node>, Vec<Problem>> {
    let mut problems = node::problems(&pieces, fields);
    problems.retain(Problem::is_error);
    match node::build(pieces) {
        Ok(nodes) if problems.is_empty() => Ok(nodes),
        built => Err(problems.into_iter().chain(built.err().unwrap_or_default()).collect()),
    }
}

/// Gives the countable links their numbers; one that is written alike has the same.
fn number(nodes: &mut [Node], links: &mut Vec<Link>) {
    for node in nodes {
        match node {
            Node::Address(address) if address.is_countable => {
                let known = links.iter().position(|link| link.target == address.source);
                let index = known.unwrap_or(links.len());
                if known.is_none() {
                    links.push(Link { index, target: address.source.clone() });
                }
                address.index = Some(index);
            }
            Node::If { arms, otherwise } => {
                arms.iter_mut().for_each(|(_, nodes)| number(nodes, links));
                number(otherwise, links);
            }
            _ => {}
        }
    }
}

fn render(nodes: &[Node], values: &Values, links: &dyn Links, is_html: bool) -> Result<String, RenderError> {
    let fixed: usize =
        nodes.iter().map(|node| if let Node::Text(text) = node { text.len() } else { 64 }).sum();
    let mut renderer =
        Renderer { out: String::with_capacity(fixed.min(OUTPUT_LIMIT)), values: &values.0, links, is_html };
    renderer.all(nodes)?;
    Ok(renderer.out)
}

fn one_line(nodes: &[Node], values: &Values) -> Result<String, RenderError> {
    let line = render(nodes, values, &Untracked, false)?;
    let line: String = line.chars().map(|c| if place::breaks(c) { ' ' } else { c }).collect();
    Ok(line.trim().to_owned())
}

struct Renderer<'a> {
    out: String,
    values: &'a Value,
    links: &'a dyn Links,
    is_html: bool,
}

impl Renderer<'_> {
    fn all(&mut self, nodes: &[Node]) -> Result<(), RenderError> {
        for node in nodes {
            match node {
                Node::Text(text) => self.out.push_str(text),
                Node::Field { expression, place } => {
                    place::write(*place, &self.value(expression)?, &mut self.out);
                }
                Node::Address(address) => self.address(address)?,
                Node::If { arms, otherwise } => self.condition(arms, otherwise)?,
            }
            if self.out.len() > OUTPUT_LIMIT {
                return Err(RenderError::TooLarge);
            }
        }
        Ok(())
    }

    fn value(&self, expression: &Expression<'static, 'static>) -> Result<Value, RenderError> {
        expression.eval(self.values.clone()).map_err(|error| RenderError::Failed(error.to_string()))
    }

    fn condition(
        &mut self,
        arms: &[(Expression<'static, 'static>, Vec<Node>)],
        otherwise: &[Node],
    ) -> Result<(), RenderError> {
        for (condition, nodes) in arms {
            if self.value(condition)?.is_true() {
                return self.all(nodes);
            }
        }
        self.all(otherwise)
    }

    /// What a contact's values have made of it leads somewhere harmless, or nowhere.
    fn address(&mut self, address: &Address) -> Result<(), RenderError> {
        let mut whole = String::with_capacity(address.source.len());
        for part in &address.parts {
            match part {
                Node::Text(text) => whole.push_str(text),
                Node::Field { expression, place } => {
                    place::write(*place, &self.value(expression)?, &mut whole);
                }
                Node::Address(_) | Node::If { .. } => {}
            }
        }
        if address.has_fields && address::fault(&whole).is_some() {
            "#".clone_into(&mut whole);
        } else if let Some(index) = address.index.filter(|_| address::is_web(&whole))
            && let Some(tracked) = self.links.tracked(index, &whole)
        {
            whole = tracked;
        }
        if self.is_html {
            place::escape(&whole, &mut self.out);
        } else {
            self.out.extend(whole.chars().filter(|c| !place::breaks(*c)));
        }
        Ok(())
    }
}
