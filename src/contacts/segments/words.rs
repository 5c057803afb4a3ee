//! A rule in a sentence.

use super::{
    catalogue::{Catalogue, Kind},
    check::ways,
    rule::{Group, Join, Line, Rule},
};

/// "People whose city is “Denver”, and not (who opened a mail in the last 30 days)."
pub fn sentence(rule: &Group, catalogue: &Catalogue) -> String {
    if rule.lines() == 0 {
        return "Nobody yet: add a line.".to_owned();
    }
    format!("People {}.", group(rule, catalogue))
}

fn group(all: &Group, catalogue: &Catalogue) -> String {
    let parts: Vec<String> = all
        .rules
        .iter()
        .map(|rule| match rule {
            Rule::Line(one) => line(one, catalogue),
            Rule::Group(inner) if inner.rules.len() > 1 && inner.join != Join::None => {
                format!("({})", group(inner, catalogue))
            }
            Rule::Group(inner) => group(inner, catalogue),
        })
        .collect();
    let said = parts.join(match all.join {
        Join::All => ", and ",
        Join::Any | Join::None => ", or ",
    });
    match all.join {
        Join::None => format!("not ({said})"),
        Join::All | Join::Any => said,
    }
}

/// "whose city is “Denver”"
pub fn line(line: &Line, catalogue: &Catalogue) -> String {
    let Some(subject) = catalogue.subject(&line.about) else {
        return "about whom nothing is said".to_owned();
    };
    let way = ways(&subject.kind).iter().find(|(key, _)| *key == line.is).map_or("is", |(_, words)| *words);
    let label = lowered(&subject.label);
    match &subject.kind {
        Kind::Member => {
            let names = named(&line.given(), &catalogue.lists, " or ");
            if line.is == "not_in" {
                format!("who are not in {names}")
            } else {
                format!("who are in {names}")
            }
        }
        Kind::Tag => {
            let names = named(&line.given(), &catalogue.tags, " or ");
            if line.is == "has_not" {
                format!("who do not have the tag {names}")
            } else {
                format!("who have the tag {names}")
            }
        }
        Kind::Consent => consent(line, catalogue),
        Kind::Deed => deed(line, &subject.label, catalogue),
        Kind::Choice(choices) | Kind::Choices(choices) if !is_alone(&line.is) => {
            format!("whose {label} {way} {}", named(&line.given(), choices, " or "))
        }
        _ if is_alone(&line.is) => format!("whose {label} {way}"),
        _ => format!("whose {label} {way} {}", values(line)),
    }
}

fn is_alone(way: &str) -> bool {
    matches!(way, "known" | "unknown" | "yes" | "no")
}

fn values(line: &Line) -> String {
    match line.is.as_str() {
        "in_last" | "before_last" | "in_next" | "anniversary" => days(line.value(0)),
        "between" => format!("{} and {}", line.value(0), line.value(1)),
        "equals" | "at_least" | "more" | "at_most" | "less" | "on" | "before" | "after" => {
            line.value(0).to_owned()
        }
        _ if line.given().is_empty() => "…".to_owned(),
        _ => format!("“{}”", line.given().join("”, “")),
    }
}

fn days(typed: &str) -> String {
    if typed == "1" { "day".to_owned() } else { format!("{typed} days") }
}

fn named(ids: &[String], known: &[(String, String)], between: &str) -> String {
    let names: Vec<String> = ids
        .iter()
        .map(|id| known.iter().find(|(key, _)| key == id).map_or("…", |(_, name)| name))
        .map(|name| format!("“{name}”"))
        .collect();
    if names.is_empty() { "…".to_owned() } else { names.join(between) }
}

fn consent(line: &Line, catalogue: &Catalogue) -> String {
    let about = match line.value(0) {
        "" => "e-mail".to_owned(),
        topic => format!("e-mail about {}", named(&[topic.to_owned()], &catalogue.topics, "")),
    };
    match line.is.as_str() {
        "yes" => format!("who agreed to {about}"),
        "no" => format!("who took back their consent to {about}"),
        "pause" => format!("who paused {about}"),
        "nothing" => format!("who never said anything about {about}"),
        "unreachable" => format!("to whom no {about} can be sent"),
        _ => format!("to whom {about} can be sent"),
    }
}

fn deed(line: &Line, label: &str, catalogue: &Catalogue) -> String {
    let mut said =
        if line.is == "did_not" { "of whom it is not so that they ".to_owned() } else { "who ".to_owned() };
    said += &lowered(label);
    if let (what, Some((_, choices))) = (line.value(2), catalogue.of(&line.about))
        && !what.is_empty()
    {
        said += &format!(" {}", named(&[what.to_owned()], choices, ""));
    }
    match line.value(0) {
        "" | "1" => {}
        often => said += &format!(" at least {often} times"),
    }
    if !line.value(1).is_empty() {
        said += &format!(" in the last {}", days(line.value(1)));
    }
    if line.value(3) == "machines" {
        said += ", machines included";
    }
    said
}

/// A label inside a sentence: "E-mail" and "VIP" stay what they are when they are not plain words.
fn lowered(label: &str) -> String {
    let is_plain = label.chars().skip(1).all(|letter| !letter.is_uppercase());
    if is_plain { label.to_lowercase() } else { label.to_owned() }
}
