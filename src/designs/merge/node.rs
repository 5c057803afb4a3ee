//! A template as a tree that is rendered without parsing anything.

use minijinja::Expression;

use super::{
    DEPTH_LIMIT, MergeFields, OWN_LINKS, Problem, TAGS_LIMIT,
    address::is_web,
    expression::{self, Use},
    place::Place,
    tag::Tag,
};

/// A piece of a template as it was read.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(String),
    Tag(Mark),
    Address {
        parts: Vec<Part>,
        is_link: bool,
    },
    /// Not to be mended by rendering: what is wrong, and where.
    Wrong(Problem),
}

/// A tag where it stands.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub tag: Tag,
    pub raw: String,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(String),
    Tag(Mark),
}

pub(super) enum Node {
    Text(Box<str>),
    Field { expression: Expression<'static, 'static>, place: Place },
    Address(Address),
    If { arms: Vec<(Expression<'static, 'static>, Vec<Self>)>, otherwise: Vec<Self> },
}

/// An address with values in it, or one whose clicks can be counted.
pub(super) struct Address {
    /// Text and fields only.
    pub parts: Vec<Node>,
    /// As it is written in the template.
    pub source: String,
    pub has_fields: bool,
    /// Whether clicks on it can be counted.
    pub is_countable: bool,
    /// Its number among the links; set when the template is compiled.
    pub index: Option<usize>,
}

fn marks(pieces: &[Piece]) -> impl Iterator<Item = &Mark> {
    pieces.iter().flat_map(|piece| {
        let (one, parts) = match piece {
            Piece::Tag(mark) => (Some(mark), &[][..]),
            Piece::Address { parts, .. } => (None, parts.as_slice()),
            Piece::Text(_) | Piece::Wrong(_) => (None, &[][..]),
        };
        one.into_iter().chain(parts.iter().filter_map(|part| match part {
            Part::Tag(mark) => Some(mark),
            Part::Text(_) => None,
        }))
    })
}

/// Fields that are not known, and fields that may be empty and have nothing to show then.
pub(super) fn problems(pieces: &[Piece], fields: &MergeFields) -> Vec<Problem> {
    let mut problems = Vec::new();
    for mark in marks(pieces) {
        let (source, is_condition) = match &mark.tag {
            Tag::Field(source) => (source, false),
            Tag::If(source) | Tag::Elif(source) => (source, true),
            _ => continue,
        };
        let Ok(uses) = expression::uses(source, is_condition) else { continue };
        problems.extend(uses.iter().filter_map(|used| fault(used, is_condition, mark, fields)));
    }
    problems
}

fn fault(used: &Use, is_condition: bool, mark: &Mark, fields: &MergeFields) -> Option<Problem> {
    let Some(field) = fields.get(&used.key) else {
        let meant =
            fields.nearest(&used.key).map_or_else(String::new, |key| format!(" Did you mean “{key}”?"));
        return Some(Problem::error(format!("There is no field “{}”.{meant}", used.key), &mark.raw));
    };
    let may_be_missing = !is_condition && !field.is_always_there && !used.has_fallback;
    may_be_missing.then(|| {
        let what = format!(
            "“{}” has no fallback: where it is empty, nothing is shown. Write {{{{ {} | default(\"…\") }}}}.",
            field.label, field.key
        );
        Problem::warning(what, &mark.raw)
    })
}

/// The tree, or everything that is wrong with the pieces.
pub(super) fn build(pieces: Vec<Piece>) -> Result<Vec<Node>, Vec<Problem>> {
    let mut builder = Builder::default();
    if marks(&pieces).count() > TAGS_LIMIT {
        return Err(vec![Problem::error(format!("More than {TAGS_LIMIT} merge fields are too many."), "")]);
    }
    for piece in pieces {
        builder.take(piece);
    }
    if let Some(open) = builder.open.pop() {
        builder.problems.push(Problem::error("This condition has no {% endif %}.", open.raw));
    }
    if builder.problems.is_empty() { Ok(builder.nodes) } else { Err(builder.problems) }
}

/// A condition whose end has not come yet.
struct Open {
    raw: String,
    arms: Vec<(Expression<'static, 'static>, Vec<Node>)>,
    has_else: bool,
    /// What stood before it.
    outside: Vec<Node>,
}

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    open: Vec<Open>,
    problems: Vec<Problem>,
}

impl Builder {
    fn take(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) => self.nodes.push(Node::Text(text.into())),
            Piece::Wrong(problem) => self.problems.push(problem),
            Piece::Address { parts, is_link } => self.address(parts, is_link),
            Piece::Tag(mark) => self.tag(mark),
        }
    }

    fn expression(
        &mut self,
        source: &str,
        is_condition: bool,
        raw: &str,
    ) -> Option<Expression<'static, 'static>> {
        match expression::compile(source, is_condition) {
            Ok((expression, _)) => Some(expression),
            Err(what) => {
                self.problems.push(Problem::error(what, raw));
                None
            }
        }
    }

    fn tag(&mut self, mark: Mark) {
        let Mark { tag, raw, place } = mark;
        match tag {
            Tag::Broken(what) => self.problems.push(Problem::error(what, raw)),
            Tag::Field(source) => {
                if let Some(expression) = self.expression(&source, false, &raw) {
                    self.nodes.push(Node::Field { expression, place });
                }
            }
            Tag::If(source) => self.open(&source, raw),
            Tag::Elif(source) => self.another_arm(Some(&source), &raw),
            Tag::Else => self.another_arm(None, &raw),
            Tag::Endif => self.close(&raw),
        }
    }

    fn open(&mut self, source: &str, raw: String) {
        if self.open.len() >= DEPTH_LIMIT {
            self.problems.push(Problem::error("Conditions are nested too deep.", raw.as_str()));
        }
        let arm = self.expression(source, true, &raw).map(|expression| (expression, Vec::new()));
        let outside = std::mem::take(&mut self.nodes);
        self.open.push(Open { raw, arms: arm.into_iter().collect(), has_else: false, outside });
    }

    fn another_arm(&mut self, source: Option<&str>, raw: &str) {
        let condition = source.and_then(|source| self.expression(source, true, raw));
        let inside = std::mem::take(&mut self.nodes);
        let Some(open) = self.open.last_mut().filter(|open| !open.has_else) else {
            self.problems.push(Problem::error("This belongs to no condition.", raw));
            return;
        };
        if let Some((_, nodes)) = open.arms.last_mut() {
            *nodes = inside;
        }
        open.has_else = source.is_none();
        open.arms.extend(condition.map(|condition| (condition, Vec::new())));
    }

    fn close(&mut self, raw: &str) {
        let Some(Open { mut arms, has_else, outside, .. }) = self.open.pop() else {
            self.problems.push(Problem::error("This endif ends no condition.", raw));
            return;
        };
        let mut otherwise = std::mem::replace(&mut self.nodes, outside);
        if !has_else && let Some((_, nodes)) = arms.last_mut() {
            *nodes = std::mem::take(&mut otherwise);
        }
        self.nodes.push(Node::If { arms, otherwise });
    }

    fn address(&mut self, parts: Vec<Part>, is_link: bool) {
        let mut source = String::new();
        let mut nodes = Vec::new();
        let mut own = None;
        for part in parts {
            match part {
                Part::Text(text) => {
                    source.push_str(&text);
                    nodes.push(Node::Text(text.into()));
                }
                Part::Tag(Mark { tag: Tag::Field(inner), raw, place }) => {
                    source.push_str(&raw);
                    let expression = self.expression(&inner, false, &raw);
                    nodes.extend(expression.map(|expression| Node::Field { expression, place }));
                    let name = inner.split(|c: char| !c.is_alphanumeric() && c != '_').next();
                    own = own.or(OWN_LINKS.iter().find(|key| Some(**key) == name));
                }
                Part::Tag(mark) => {
                    self.problems
                        .push(Problem::error("An address can hold fields, but no conditions.", mark.raw));
                }
            }
        }
        let has_fields = nodes.iter().any(|node| matches!(node, Node::Field { .. }));
        let starts_with_field = matches!(nodes.first(), Some(Node::Field { .. }));
        let is_countable = is_link && own.is_none() && (starts_with_field || is_web(&source));
        self.nodes.push(Node::Address(Address {
            parts: nodes,
            source,
            has_fields,
            is_countable,
            index: None,
        }));
    }
}
