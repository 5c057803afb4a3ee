//! A rule as its form shows it: what stands below each other, with the controls of each line.

use super::{
    catalogue::{Catalogue, Kind, Subject},
    check::{Checked, ways},
    rule::{Group, Join, Line, Rule},
};

/// A control of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Control {
    pub id: String,
    pub label: &'static str,
    /// `text`, `number`, `date`, or `select` and `several`, which have options.
    pub kind: &'static str,
    pub value: String,
    /// Value, words, and whether it is chosen.
    pub options: Vec<(String, String, bool)>,
    /// What is said after it.
    pub after: &'static str,
}

impl Control {
    /// How many rows a choice of several shows.
    pub fn rows(&self) -> usize {
        self.options.len().clamp(2, 5)
    }
}

/// A line of the form, or the beginning or the end of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub path: String,
    pub is: Shape,
    /// "and" or "or", where something comes before it.
    pub between: &'static str,
    pub error: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    Open {
        join: Join,
    },
    Line {
        about: String,
        is: String,
        ways: &'static [(&'static str, &'static str)],
        controls: Vec<Control>,
        count: Option<String>,
    },
    Close,
}

impl Node {
    pub fn is_root(&self) -> bool {
        self.path == "0"
    }

    /// A line in which nothing was typed or chosen yet.
    fn is_empty(&self) -> bool {
        let Shape::Line { controls, .. } = &self.is else { return false };
        let is_chosen =
            |one: &Control| one.options.iter().any(|(value, _, is_chosen)| *is_chosen && !value.is_empty());
        !controls.iter().any(|one| !one.value.is_empty() || is_chosen(one))
    }
}

/// The rule with a way of comparing that each line knows: another subject may have other ways.
pub fn settled(rule: &Group, catalogue: &Catalogue) -> Group {
    let one = |rule: &Rule| match rule {
        Rule::Group(group) => Rule::Group(settled(group, catalogue)),
        Rule::Line(line) => {
            let ways = catalogue.subject(&line.about).map(|subject| ways(&subject.kind)).unwrap_or_default();
            let first = ways.first().map_or("", |(key, _)| *key);
            let is =
                if ways.iter().any(|(key, _)| *key == line.is) { line.is.clone() } else { first.to_owned() };
            Rule::Line(Line { is, ..line.clone() })
        }
    };
    Group { join: rule.join, rules: rule.rules.iter().map(one).collect() }
}

/// What stands below each other, from the outermost group on. `counts` are those of the lines that hold. A line in
/// which nothing was typed yet is not told that it lacks something.
pub fn nodes(
    rule: &Group,
    catalogue: &Catalogue,
    checked: &Checked,
    counts: &[String],
    is_sent: bool,
) -> Vec<Node> {
    let mut all = Vec::new();
    let places = checked.lines.iter().map(|(place, _)| place.as_str());
    let counts: Vec<(&str, &String)> = places.zip(counts).collect();
    group(&mut all, (rule, "0", ""), catalogue, checked, &counts);
    if !is_sent {
        all.iter_mut().filter(|node| node.is_empty()).for_each(|node| node.error.clear());
    }
    all
}

fn group(
    all: &mut Vec<Node>,
    (rule, path, between): (&Group, &str, &'static str),
    catalogue: &Catalogue,
    checked: &Checked,
    counts: &[(&str, &String)],
) {
    let node = |path: &str, is, between| Node {
        path: path.to_owned(),
        error: if matches!(is, Shape::Close) { String::new() } else { checked.error(path).to_owned() },
        is,
        between,
    };
    all.push(node(path, Shape::Open { join: rule.join }, between));
    for (n, part) in rule.rules.iter().enumerate() {
        let (at, between) = (format!("{path}.{n}"), if n == 0 { "" } else { rule.join.between() });
        match part {
            Rule::Group(inner) => group(all, (inner, &at, between), catalogue, checked, counts),
            Rule::Line(line) => {
                let subject = catalogue.subject(&line.about);
                let shape = Shape::Line {
                    about: line.about.clone(),
                    is: line.is.clone(),
                    ways: subject.map(|subject| ways(&subject.kind)).unwrap_or_default(),
                    controls: subject
                        .map(|subject| controls(line, &at, subject, catalogue))
                        .unwrap_or_default(),
                    count: counts.iter().find(|(place, _)| *place == at).map(|(_, count)| (*count).clone()),
                };
                all.push(node(&at, shape, between));
            }
        }
    }
    all.push(node(path, Shape::Close, ""));
}

fn controls(line: &Line, at: &str, subject: &Subject, catalogue: &Catalogue) -> Vec<Control> {
    let control = |n: usize, kind, label| Control {
        id: format!("value.{at}.{n}"),
        kind,
        label,
        value: line.value(n).to_owned(),
        ..Control::default()
    };
    let choose = |n: usize, kind, label, any: &str, choices: &[(String, String)]| {
        let any = (!any.is_empty()).then(|| (String::new(), any.to_owned(), line.value(n).is_empty()));
        let is_chosen =
            |key: &String| if kind == "several" { line.values.contains(key) } else { line.value(n) == key };
        let given = choices.iter().map(|(key, words)| (key.clone(), words.clone(), is_chosen(key)));
        Control { options: any.into_iter().chain(given).collect(), ..control(n, kind, label) }
    };
    match (&subject.kind, line.is.as_str()) {
        (_, "known" | "unknown") | (Kind::Flag, _) => Vec::new(),
        (Kind::Day | Kind::Moment, "on" | "before" | "after") => vec![control(0, "date", "Day")],
        (Kind::Day | Kind::Moment, _) => vec![Control { after: "days", ..control(0, "number", "Days") }],
        (Kind::Number, "between") => {
            vec![Control { after: "and", ..control(0, "text", "From") }, control(1, "text", "To")]
        }
        (Kind::Text | Kind::Number, _) => vec![control(0, "text", "Value")],
        (Kind::Choice(choices) | Kind::Choices(choices), _) => {
            vec![choose(0, "several", "Choices", "", choices)]
        }
        (Kind::Tag, _) => vec![choose(0, "several", "Tags", "", &catalogue.tags)],
        (Kind::Member, _) => vec![choose(0, "several", "Lists and segments", "", &catalogue.lists)],
        (Kind::Consent, _) => vec![choose(0, "select", "Topic", "All e-mail", &catalogue.topics)],
        (Kind::Deed, _) => {
            let mut all = Vec::new();
            if let Some((_, choices)) = catalogue.of(&line.about) {
                all.push(choose(2, "select", "Which", "any", choices));
            }
            let often = Control { after: "times or more, in", ..control(0, "number", "How often at least") };
            let value = if often.value.is_empty() { "1".to_owned() } else { often.value.clone() };
            all.push(Control { value, ..often });
            all.push(Control { after: "days (empty: ever)", ..control(1, "number", "Within so many days") });
            let machines = [("machines".to_owned(), "people and machines".to_owned())];
            all.push(choose(3, "select", "By whom", "people only", &machines));
            all
        }
    }
}
