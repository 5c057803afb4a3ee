//! What somebody types to find something: words, each of which is to stand somewhere.

/// Words beyond so many say nothing that those before them did not.
const WORDS: usize = 6;
/// Signs of all that is looked for.
const LONGEST: usize = 100;
/// Signs that a word needs to be looked for inside of others: an index knows three at a time.
const INSIDE: usize = 3;
/// Digits that a number needs to be looked for by its end.
const DIGITS: usize = 4;

/// Words in lower case, in the order in which they were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    typed: String,
    whole: String,
}

impl Sought {
    pub fn new(typed: &str) -> Self {
        let cut: String = typed.chars().filter(|sign| *sign != '\0').take(LONGEST).collect();
        let words: Vec<String> = cut.split_whitespace().take(WORDS).map(str::to_lowercase).collect();
        Self { typed: cut.trim().to_owned(), whole: words.join(" ") }
    }

    /// As somebody typed it, for what is known by exactly that.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    pub fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }

    /// All of it, with one space between words.
    pub fn whole(&self) -> &str {
        &self.whole
    }

    /// For each word the patterns of LIKE, one of which has to fit: anywhere for a long word, where a word begins for
    /// a short one.
    pub fn patterns(&self) -> Vec<Vec<String>> {
        let of = |word: &str| {
            let literal = literal(word);
            if word.chars().count() < INSIDE {
                vec![format!("{literal}%"), format!("% {literal}%")]
            } else {
                vec![format!("%{literal}%")]
            }
        };
        self.whole.split_whitespace().map(of).collect()
    }

    /// One pattern for all the words, one behind the other: anywhere, or at the beginning where none of them is long
    /// enough to be looked for inside of others.
    pub fn pattern(&self) -> String {
        let words: Vec<String> = self.whole.split_whitespace().map(literal).collect();
        let is_long = self.whole.split_whitespace().any(|word| word.chars().count() >= INSIDE);
        format!("{}{}%", if is_long { "%" } else { "" }, words.join("%"))
    }

    /// Texts that begin with all of it lie from the first on and before the second, where texts are compared byte by
    /// byte.
    pub fn range(&self) -> (String, String) {
        (self.whole.clone(), format!("{}\u{10ffff}", self.whole))
    }

    /// The digits of what reads like the end of a telephone number, without the zeros that stand before it inside a
    /// country.
    pub fn digits(&self) -> Option<String> {
        let is_number = self.whole.chars().all(|sign| sign.is_ascii_digit() || " +-./()".contains(sign));
        let digits: String = self.whole.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0');
        (is_number && digits.len() >= DIGITS).then(|| digits.to_owned())
    }
}

/// With the wildcards of LIKE taken literally.
fn literal(word: &str) -> String {
    word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::Sought;

    #[test]
    fn long_words_are_looked_for_anywhere_and_short_ones_where_a_word_begins() {
        let sought = Sought::new("  Al  WHIT_ ");
        assert_eq!(sought.patterns(), [vec!["al%".to_owned(), "% al%".to_owned()], vec!["%whit\\_%".into()]]);
        assert_eq!(sought.pattern(), "%al%whit\\_%");
        assert_eq!(Sought::new("a b").pattern(), "a%b%");
        assert!(Sought::new(" \0").is_empty());
    }

    #[test]
    fn what_reads_like_a_number_is_looked_for_by_its_end() {
        assert_eq!(Sought::new("(0171) 234-567").digits().as_deref(), Some("171234567"));
        assert_eq!(Sought::new("+1 555 0100").digits().as_deref(), Some("15550100"));
        assert_eq!(Sought::new("007").digits(), None);
        assert_eq!(Sought::new("5550100 x").digits(), None);
    }
}
