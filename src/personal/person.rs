//! Somebody as they are looked for: by their id, and by what names them where no id stands.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The shortest word by which somebody is looked for anywhere. What is shorter would find others.
const SHORTEST: usize = 6;

/// Somebody, before anything about them goes.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub id: Uuid,
    /// Other records that became part of theirs.
    pub parts: Vec<Uuid>,
    /// When they are looked for.
    pub at: DateTime<Utc>,
    /// What they are called on the page; empty when they are not there any more.
    pub name: String,
    /// Their addresses, in lower case.
    pub emails: Vec<String>,
    /// Their numbers, as they are compared.
    pub phones: Vec<String>,
    /// What names them and nobody else, in lower case: addresses, numbers, names elsewhere, the whole name.
    pub words: Vec<String>,
    /// First and last name by themselves: many have the same. They count in texts about this person only.
    pub names: Vec<String>,
}

impl Person {
    /// Keeps what is good for finding somebody. An address always is.
    pub fn known_by(mut self, words: impl IntoIterator<Item = String>) -> Self {
        let words = words.into_iter().flat_map(|word| forms(&word));
        let is_good = |word: &String| word.contains('@') || word.chars().count() >= SHORTEST;
        self.words.extend(words.filter(is_good));
        self.words.sort();
        self.words.dedup();
        self
    }

    /// With what another record says that became part of theirs.
    pub fn with(mut self, part: Self) -> Self {
        self.parts.push(part.id);
        self.emails.extend(part.emails);
        self.phones.extend(part.phones);
        self.names.extend(part.names);
        self.known_by(part.words)
    }

    /// Each record of theirs, by what all of them say; their own comes last, and has the addresses and numbers.
    pub fn records(&self) -> Vec<Self> {
        let part = |id: &Uuid| Self {
            id: *id,
            parts: Vec::new(),
            emails: Vec::new(),
            phones: Vec::new(),
            ..self.clone()
        };
        let own = Self { parts: Vec::new(), ..self.clone() };
        self.parts.iter().map(part).chain([own]).collect()
    }

    /// What stands for them in any text, as PostgreSQL's patterns have it. Matches nothing where nothing is known.
    pub fn pattern(&self) -> String {
        pattern(self.words.iter())
    }

    /// The same in a text that is about them, where their first name alone is enough.
    pub fn pattern_here(&self) -> String {
        pattern(self.words.iter().chain(&self.names))
    }
}

/// A word in lower case, and with its letters beyond English ones as they were written: a database may know how
/// the English ones alone are written large and small.
pub fn forms(word: &str) -> Vec<String> {
    let word = word.trim();
    let mut forms = vec![word.to_lowercase(), word.to_ascii_lowercase()];
    forms.dedup();
    forms
}

/// Any of these words as a whole word, however it is written, also as it stands inside of JSON.
fn pattern<'a>(words: impl Iterator<Item = &'a String>) -> String {
    let mut choices: Vec<String> = words.flat_map(|word| [escaped(word), escaped(&in_json(word))]).collect();
    // The longest first: what begins alike is taken whole.
    choices.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    choices.dedup();
    if choices.is_empty() {
        return "(?=a)b".to_owned();
    }
    format!("(?i)(?<![[:alnum:]])(?:{})(?![[:alnum:]])", choices.join("|"))
}

fn in_json(word: &str) -> String {
    let quoted = serde_json::Value::from(word).to_string();
    quoted.trim_matches('"').to_owned()
}

/// Without what a pattern would read as a sign.
fn escaped(word: &str) -> String {
    let mut safe = String::new();
    for letter in word.chars() {
        if letter.is_ascii_punctuation() {
            safe.push('\\');
        }
        safe.push(letter);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_looked_for_by_what_names_nobody_else() {
        let words = ["Ann@X.test", "12", "+49 731 5", "Ann Lee", " "].map(str::to_owned);
        let ann = Person::default().known_by(words);
        assert_eq!(ann.words, ["+49 731 5", "ann lee", "ann@x.test"]);
        assert_eq!(ann.pattern(), r"(?i)(?<![[:alnum:]])(?:ann\@x\.test|\+49 731 5|ann lee)(?![[:alnum:]])");
        assert_eq!(Person::default().pattern(), "(?=a)b");
        assert_eq!(forms(" Łukasz O’Neill "), ["łukasz o’neill", "Łukasz o’neill"]);
    }
}
