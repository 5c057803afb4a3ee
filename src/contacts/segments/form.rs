//! The form in which a rule is made: each control is named after its place in the tree, so that the form works
//! the same with and without scripts.
//!
//! `join.0` is how the outermost group goes together; `about.0.2`, `is.0.2` and `value.0.2.0` are a line, the
//! third of that group, and `was.0.2` what it was about before; `do` is what a button does: `line.0` and `group.0` add to a group, `drop.0.2` takes away.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::rule::{Group, Join, LONGEST, Line, Rule};

/// Where something stands in the tree: the first number is the outermost group.
type Path = Vec<usize>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub struct RuleForm {
    pub name: String,
    pub description: String,
    pub rule: Group,
}

impl From<Vec<(String, String)>> for RuleForm {
    fn from(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        let mut nodes: BTreeMap<Path, Rule> = BTreeMap::new();
        let (mut ordered, mut were) = (Vec::new(), Vec::new());
        for (key, value) in fields {
            match key.as_str() {
                "name" => form.name = value.trim().to_owned(),
                "description" => form.description = value.trim().to_owned(),
                "do" => ordered.push(value),
                was if was.starts_with("was.") => were.push((was.split_at(4).1.to_owned(), value)),
                _ => place(&mut nodes, &key, value),
            }
        }
        for (at, was) in were {
            if let Some(Rule::Line(line)) = path(&at).and_then(|at| nodes.get_mut(&at)) {
                line.values.retain(|_| line.about == was);
            }
        }
        form.rule = grown(nodes);
        ordered.iter().for_each(|order| edit(&mut form.rule, order));
        form
    }
}

fn path(text: &str) -> Option<Path> {
    text.split('.').map(|number| number.parse().ok()).collect()
}

/// Puts what one control holds where it belongs. What makes no sense is left out.
fn place(nodes: &mut BTreeMap<Path, Rule>, key: &str, value: String) {
    let Some((what, at)) = key.split_once('.') else { return };
    let Some(mut at) = path(at).filter(|at| nodes.len() < 4 * LONGEST && at.len() < 20) else { return };
    if what == "join" {
        let group = Group { join: Join::parse(&value), rules: Vec::new() };
        nodes.insert(at, Rule::Group(group));
        return;
    }
    let nth = if what == "value" { at.pop() } else { None };
    let Rule::Line(line) = nodes.entry(at).or_insert_with(|| Rule::Line(Line::default())) else { return };
    match (what, nth) {
        ("about", _) => line.about = value,
        ("is", _) => line.is = value,
        // Several choices have one name; values of their own have one each.
        ("value", Some(nth)) if nth < 10 => {
            let is_taken = line.values.get(nth).is_some_and(|known| !known.is_empty());
            if is_taken && line.values.len() < 500 {
                line.values.push(value);
            } else if let Some(place) = line.values.get_mut(nth) {
                *place = value;
            } else {
                line.values.resize(nth, String::new());
                line.values.push(value);
            }
        }
        _ => {}
    }
}

/// The tree of these parts. The order of paths is the order of the form: a group comes before what is in it.
fn grown(nodes: BTreeMap<Path, Rule>) -> Group {
    let mut root = Group::default();
    let mut now: BTreeMap<Path, Path> = BTreeMap::from([(vec![0], Vec::new())]);
    for (at, rule) in nodes {
        if at == [0] {
            if let Rule::Group(group) = rule {
                root.join = group.join;
            }
            continue;
        }
        let Some((_, above)) = at.split_last() else { continue };
        let Some(above) = now.get(above).cloned() else { continue };
        let Some(group) = root.at(&above) else { continue };
        group.rules.push(rule);
        let place = above.iter().copied().chain([group.rules.len() - 1]).collect();
        now.insert(at, place);
    }
    root
}

impl Group {
    /// The fields of the form that shows it; none for a rule without lines, which says nothing.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        if !self.rules.is_empty() {
            self.put("0", &mut all);
        }
        all
    }

    fn put(&self, path: &str, all: &mut Vec<(String, String)>) {
        all.push((format!("join.{path}"), self.join.key().to_owned()));
        for (n, rule) in self.rules.iter().enumerate() {
            let at = format!("{path}.{n}");
            match rule {
                Rule::Group(group) => group.put(&at, all),
                Rule::Line(line) => {
                    all.push((format!("about.{at}"), line.about.clone()));
                    all.push((format!("is.{at}"), line.is.clone()));
                    let given = line.values.iter().enumerate().filter(|(_, value)| !value.is_empty());
                    // Beyond the tenth they are the choices of one control.
                    all.extend(given.map(|(n, value)| {
                        (format!("value.{at}.{}", if n < 10 { n } else { 0 }), value.clone())
                    }));
                }
            }
        }
    }
}

/// Does what a button says.
fn edit(rule: &mut Group, order: &str) {
    let Some((what, at)) = order.split_once('.') else { return };
    let Some(at) = path(at).filter(|at| at.first() == Some(&0)) else { return };
    let at = at.get(1..).unwrap_or_default();
    let line =
        || Rule::Line(Line { about: "field:city".to_owned(), is: "is".to_owned(), values: Vec::new() });
    match (what, rule.at(at)) {
        ("line", Some(group)) => group.rules.push(line()),
        ("group", Some(group)) => {
            group.rules.push(Rule::Group(Group { join: Join::Any, rules: vec![line()] }));
        }
        ("drop", _) => rule.remove(at),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> RuleForm {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect::<Vec<_>>().into()
    }

    #[test]
    fn a_form_is_the_tree_that_it_shows() {
        let form = typed(&[
            ("join.0", "any"),
            ("about.0.0", "field:city"),
            ("is.0.0", "is"),
            ("value.0.0.0", "Ulm"),
            ("join.0.10", "none"),
            ("about.0.10.0", "list:"),
            ("is.0.10.0", "in"),
            ("value.0.10.0.0", "a"),
            ("value.0.10.0.0", "b"),
        ]);
        let line = |about: &str, is: &str, values: &[&str]| {
            let values = values.iter().map(|value| (*value).to_owned()).collect();
            Rule::Line(Line { about: about.into(), is: is.into(), values })
        };
        let inner = Group { join: Join::None, rules: vec![line("list:", "in", &["a", "b"])] };
        let rules = vec![line("field:city", "is", &["Ulm"]), Rule::Group(inner)];
        assert_eq!(form.rule, Group { join: Join::Any, rules });
    }

    #[test]
    fn the_fields_of_a_rule_are_read_as_that_rule() {
        let many: Vec<String> = (0..14).map(|n| format!("choice {n}")).collect();
        let line = |values: &[&str]| Line {
            about: "event:email.opened".into(),
            is: "did".into(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let chosen = Line { about: "tag:".into(), is: "has".into(), values: many };
        let inner = Group { join: Join::None, rules: vec![Rule::Line(line(&["2", "", "", "machines"]))] };
        let rules = vec![Rule::Line(chosen), Rule::Group(inner), Rule::Line(line(&["3"]))];
        let rule = Group { join: Join::Any, rules };
        assert_eq!(RuleForm::from(rule.fields()).rule, rule);
        assert!(Group::default().fields().is_empty());
    }

    #[test]
    fn buttons_add_and_take_away_where_they_stand() {
        let form = typed(&[("join.0", "all"), ("do", "group.0"), ("do", "line.0.0"), ("do", "drop.0.0.0")]);
        assert_eq!((form.rule.lines(), form.rule.depth()), (1, 2));
        assert_eq!(typed(&[("do", "drop.0.7"), ("do", "line.9"), ("do", "x")]).rule, Group::default());
    }

    #[test]
    fn a_line_that_is_about_something_else_begins_anew() {
        let about = |was| {
            typed(&[("join.0", "all"), ("about.0.0", "field:city"), ("was.0.0", was), ("value.0.0.0", "Ulm")])
        };
        let values = |form: RuleForm| match form.rule.rules.into_iter().next() {
            Some(Rule::Line(line)) => line.values,
            _ => panic!("no line"),
        };
        assert_eq!(values(about("field:city")), ["Ulm"]);
        assert!(values(about("event:email.opened")).is_empty());
    }

    #[test]
    fn nonsense_is_left_out() {
        let form =
            typed(&[("about.1.2", "x"), ("value.0", "y"), ("is.", "z"), ("join.0.x", "any"), ("q.0.1", "")]);
        assert!(form.rule.lines() <= 1);
    }
}
