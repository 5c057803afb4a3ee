//! What may stand inside a tag: fields, text, numbers, filters, and comparisons in conditions.
//!
//! Checked here word by word before minijinja parses it, so that nothing else of its language gets
//! through: no calls, no subscripts, no arithmetic, no lists, no loops.

use minijinja::Expression;

use super::{DEPTH_LIMIT, filters};

/// A field as a tag uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub key: String,
    /// Whether something is shown where it is empty.
    pub has_fallback: bool,
}

/// Compiles what stands in a tag; gives the fields that it uses.
pub(super) fn compile(
    source: &str,
    is_condition: bool,
) -> Result<(Expression<'static, 'static>, Vec<Use>), String> {
    let uses = uses(source, is_condition)?;
    let compiled = filters::ENVIRONMENT.compile_expression_owned(source.to_owned());
    Ok((compiled.map_err(|_| "This could not be understood.".to_owned())?, uses))
}

/// The fields that it uses, or what is wrong with it.
pub(super) fn uses(source: &str, is_condition: bool) -> Result<Vec<Use>, String> {
    let words = words(source)?;
    if words.is_empty() {
        return Err("Nothing stands between the brackets: name a field.".to_owned());
    }
    let mut reader = Reader { words: &words, at: 0, depth: 0, uses: Vec::new() };
    if is_condition {
        reader.any_of()?;
    } else {
        reader.value()?;
    }
    match reader.peek() {
        None => Ok(reader.uses),
        Some(word) => Err(format!("“{}” is not understood here.", word.text())),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Name(String),
    Quoted(String),
    Number(String),
    Sign(&'static str),
}

impl Word {
    fn text(&self) -> &str {
        match self {
            Self::Name(text) | Self::Quoted(text) | Self::Number(text) => text,
            Self::Sign(sign) => sign,
        }
    }
}

const SIGNS: &[&str] = &["==", "!=", "<=", ">=", "<", ">", "|", "(", ")", ","];
const COMPARISONS: &[&str] = &["==", "!=", "<=", ">=", "<", ">"];
/// Words that mean something else in the whole language.
const RESERVED: &[&str] = &["in", "is", "if", "else", "for", "loop", "self", "super", "set", "with", "do"];

fn words(source: &str) -> Result<Vec<Word>, String> {
    let (mut words, mut rest) = (Vec::new(), source.trim_start());
    while let Some(first) = rest.chars().next() {
        let taken = if first == '"' || first == '\'' {
            let inner = rest.get(1..).and_then(|inner| inner.split_once(first)).map(|(inner, _)| inner);
            let inner = inner.ok_or("A text here has no closing quote.")?;
            if inner.contains(['\\', '{', '}']) {
                return Err("A text here must not hold backslashes or curly brackets.".to_owned());
            }
            words.push(Word::Quoted(inner.to_owned()));
            inner.len() + 2
        } else if first.is_ascii_alphabetic() || first == '_' {
            let name = leading(rest, |c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
            words.push(Word::Name(name.to_owned()));
            name.len()
        } else if first.is_ascii_digit() {
            let number = leading(rest, |c| c.is_ascii_digit() || c == '.');
            number.parse::<f64>().map_err(|_| format!("“{number}” is no number."))?;
            words.push(Word::Number(number.to_owned()));
            number.len()
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
            let sign = sign.ok_or_else(|| format!("“{first}” is not understood here."))?;
            words.push(Word::Sign(sign));
            sign.len()
        };
        rest = rest.get(taken..).unwrap_or_default().trim_start();
        if words.len() > 200 {
            return Err("This tag is too long.".to_owned());
        }
    }
    Ok(words)
}

fn leading(text: &str, is_part: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

struct Reader<'a> {
    words: &'a [Word],
    at: usize,
    depth: usize,
    uses: Vec<Use>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Word> {
        self.words.get(self.at)
    }

    fn takes(&mut self, wanted: &str) -> bool {
        let is_it = match self.peek() {
            Some(Word::Name(name)) => name == wanted,
            Some(Word::Sign(sign)) => *sign == wanted,
            _ => false,
        };
        self.at += usize::from(is_it);
        is_it
    }

    fn any_of(&mut self) -> Result<(), String> {
        self.all_of()?;
        while self.takes("or") {
            self.all_of()?;
        }
        Ok(())
    }

    fn all_of(&mut self) -> Result<(), String> {
        self.comparison()?;
        while self.takes("and") {
            self.comparison()?;
        }
        Ok(())
    }

    fn comparison(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err("This condition is nested too deep.".to_owned());
        }
        if self.takes("not") {
            self.comparison()?;
        } else if self.takes("(") {
            self.any_of()?;
            if !self.takes(")") {
                return Err("A bracket here is not closed.".to_owned());
            }
        } else {
            self.value()?;
            if COMPARISONS.iter().any(|sign| self.takes(sign)) {
                self.value()?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// A field, a text or a number, and its filters.
    fn value(&mut self) -> Result<(), String> {
        let at_first = self.uses.len();
        self.operand()?;
        let own = at_first..self.uses.len();
        let mut has_fallback = false;
        while self.takes("|") {
            let name = match self.peek() {
                Some(Word::Name(name)) => name.clone(),
                _ => return Err("A filter is missing after the “|”.".to_owned()),
            };
            self.at += 1;
            if !filters::NAMES.contains(&name.as_str()) {
                return Err(format!(
                    "There is no filter “{name}”. There are: {}.",
                    filters::NAMES.join(", ")
                ));
            }
            let arguments = self.arguments()?;
            has_fallback |= name == "default" && arguments > 0;
        }
        for used in self.uses.get_mut(own).unwrap_or_default() {
            used.has_fallback |= has_fallback;
        }
        Ok(())
    }

    fn arguments(&mut self) -> Result<usize, String> {
        let mut count = 0;
        if self.takes("(") && !self.takes(")") {
            loop {
                self.operand()?;
                count += 1;
                if self.takes(")") {
                    break;
                }
                if !self.takes(",") {
                    return Err("A bracket here is not closed.".to_owned());
                }
            }
        }
        Ok(count)
    }

    fn operand(&mut self) -> Result<(), String> {
        let word = self.peek().cloned().ok_or("A field is missing here.")?;
        self.at += 1;
        match word {
            Word::Quoted(_) | Word::Number(_) => Ok(()),
            Word::Name(name) if ["true", "false", "none"].contains(&name.as_str()) => Ok(()),
            Word::Name(name) if name.split('.').any(|part| is_odd(part) || RESERVED.contains(&part)) => {
                Err(format!("“{name}” is no field."))
            }
            Word::Name(name) if self.peek() == Some(&Word::Sign("(")) => {
                Err(format!("“{name}(…)” is not understood: there are fields and filters, but no functions."))
            }
            Word::Name(key) => {
                self.uses.push(Use { key, has_fallback: false });
                Ok(())
            }
            Word::Sign(sign) => Err(format!("“{sign}” is not understood here.")),
        }
    }
}

/// Parts of a path that no field has.
fn is_odd(part: &str) -> bool {
    part.is_empty() || part.starts_with("__") || part.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_filters_are_understood_and_nothing_else() {
        let key = |source: &str| {
            uses(source, false)
                .map(|uses| uses.into_iter().map(|used| (used.key, used.has_fallback)).collect::<Vec<_>>())
        };
        assert_eq!(key("contact.first_name"), Ok(vec![("contact.first_name".into(), false)]));
        assert_eq!(key("a|default('x')|upper"), Ok(vec![("a".into(), true)]));
        assert_eq!(key("a | default(b)").unwrap().len(), 2);
        assert!(uses("a == 'x' and not (b > 3 or c)", true).is_ok());
        let wrong = [
            "",
            "7*7",
            "a()",
            "a.b()",
            "a[0]",
            "[1]",
            "{}",
            "a|e",
            "a|default(",
            "range(9)",
            "a.__class__",
            "self",
            "loop.index",
            "a + b",
            "-1",
            "a ~ b",
            "a|map('x')",
            "'a\\x41'",
            "a if b else c",
            "a is defined",
            "a.",
            ".a",
            "a..b",
            "$a",
            "a|",
        ];
        for source in wrong {
            assert!(uses(source, false).is_err(), "{source}");
        }
        assert!(uses(&"not ".repeat(9).replace("  ", " "), true).is_err());
    }
}
