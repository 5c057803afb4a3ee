//! A rule as it is kept: groups of lines, in the words of the form. What a line means is worked out with what
//! the organization has ([`super::check`]).

use serde::{Deserialize, Serialize};

/// Groups inside groups, at most: more is not understood by whoever made it either.
pub const DEEPEST: usize = 5;
/// Lines of a rule, at most.
pub const LONGEST: usize = 100;

/// How the parts of a group go together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    #[default]
    All,
    Any,
    None,
}

impl Join {
    pub const ALL: [Self; 3] = [Self::All, Self::Any, Self::None];

    pub fn parse(key: &str) -> Self {
        Self::ALL.into_iter().find(|join| join.key() == key).unwrap_or_default()
    }

    pub fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
            Self::None => "none",
        }
    }

    /// The word between two parts.
    pub fn between(self) -> &'static str {
        match self {
            Self::All => "and",
            Self::Any | Self::None => "or",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Rule {
    Group(Group),
    Line(Line),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub join: Join,
    pub rules: Vec<Rule>,
}

/// One thing that is true of somebody or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is about: `field:city`, `custom:roof_age`, `list:`, `consent:`, `event:email.opened`.
    pub about: String,
    /// How it is compared, in a word of its kind: `is`, `contains`, `in_last`.
    pub is: String,
    /// With what, as typed.
    pub values: Vec<String>,
}

impl Line {
    /// What was typed at this place, without spaces around it.
    pub fn value(&self, place: usize) -> &str {
        self.values.get(place).map_or("", |value| value.trim())
    }

    /// Everything that was typed.
    pub fn given(&self) -> Vec<String> {
        let given = self.values.iter().map(|value| value.trim().to_owned());
        given.filter(|value| !value.is_empty()).collect()
    }
}

impl Group {
    /// How many lines it has, with those of its groups.
    pub fn lines(&self) -> usize {
        self.rules.iter().map(|rule| if let Rule::Group(group) = rule { group.lines() } else { 1 }).sum()
    }

    /// How many groups are inside each other, itself included.
    pub fn depth(&self) -> usize {
        let inner = |rule: &Rule| if let Rule::Group(group) = rule { group.depth() } else { 0 };
        1 + self.rules.iter().map(inner).max().unwrap_or(0)
    }

    /// The group at a place, which is empty for this one.
    pub fn at(&mut self, place: &[usize]) -> Option<&mut Self> {
        let Some((first, rest)) = place.split_first() else { return Some(self) };
        match self.rules.get_mut(*first)? {
            Rule::Group(group) => group.at(rest),
            Rule::Line(_) => None,
        }
    }

    /// Takes away what is at a place.
    pub fn remove(&mut self, place: &[usize]) {
        let Some((last, group)) = place.split_last() else { return };
        if let Some(group) = self.at(group).filter(|group| *last < group.rules.len()) {
            group.rules.remove(*last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(about: &str) -> Rule {
        Rule::Line(Line { about: about.to_owned(), ..Line::default() })
    }

    #[test]
    fn a_rule_is_read_as_it_was_written() {
        let inner = Group { join: Join::None, rules: vec![line("list:")] };
        let rule = Group { join: Join::Any, rules: vec![line("field:city"), Rule::Group(inner)] };
        let written = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<Group>(&written).unwrap(), rule);
        assert_eq!((rule.lines(), rule.depth()), (2, 2));
    }

    #[test]
    fn what_is_taken_away_is_what_was_pointed_at() {
        let inner = Group { join: Join::All, rules: vec![line("a"), line("b")] };
        let mut rule = Group { join: Join::All, rules: vec![line("x"), Rule::Group(inner)] };
        rule.remove(&[1, 0]);
        rule.remove(&[7]);
        rule.remove(&[0, 3]);
        assert_eq!(rule.at(&[1]).unwrap().rules, [line("b")]);
        assert_eq!(rule.rules.len(), 2);
    }
}
