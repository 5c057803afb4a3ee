//! A stored message, taken apart by a parser that knows nothing of how it was put together.

use mail_parser::MessageParser;

/// The headers of a stored message alone: they hold no links.
pub fn headers(source: &[u8]) -> Vec<(String, String)> {
    Reading::of(source).headers
}

/// A message as a mail program would show it.
#[derive(Default)]
pub struct Reading {
    pub subject: String,
    pub text: String,
    pub html: String,
    pub headers: Vec<(String, String)>,
    pub source: String,
}

impl Reading {
    pub fn of(source: &[u8]) -> Self {
        let source_text = String::from_utf8_lossy(source).into_owned();
        let Some(message) = MessageParser::default().parse(source) else {
            return Self { source: source_text, ..Self::default() };
        };
        let headers = message.headers_raw().map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
        let has_body =
            !source.ends_with(b"\r\n\r\n") || source.windows(4).filter(|end| end == b"\r\n\r\n").count() > 1;
        let body = |text: Option<std::borrow::Cow<'_, str>>| {
            text.filter(|_| has_body).map(std::borrow::Cow::into_owned).unwrap_or_default()
        };
        Self {
            subject: message.subject().unwrap_or_default().to_owned(),
            text: body(message.body_text(0)),
            html: body(message.body_html(0)),
            headers: headers.collect(),
            source: source_text,
        }
    }

    /// The web addresses in the text, in order: what a test, or a person without a mail program, follows.
    pub(super) fn links(&self) -> Vec<&str> {
        let words =
            self.text.split_whitespace().map(|word| word.trim_matches(['<', '>', '(', ')', '.', ',']));
        words.filter(|word| word.starts_with("http://") || word.starts_with("https://")).collect()
    }

    /// The HTML with its links opening outside of the frame that shows it.
    pub fn framed_html(&self) -> String {
        self.html.replacen("<head>", "<head><base target=\"_blank\">", 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Reading;

    #[test]
    fn links_are_found_without_what_stands_around_them() {
        let text = "Confirm: https://app.test/a?b=c.\nOr <http://x.test/y>, thanks".to_owned();
        let reading = Reading { text, ..Reading::default() };
        assert_eq!(reading.links(), ["https://app.test/a?b=c", "http://x.test/y"]);
    }

    #[test]
    fn headers_alone_have_no_body() {
        let reading = Reading::of(b"Subject: Hello\r\nTo: a@b.test\r\n\r\n");
        assert_eq!(
            (reading.subject.as_str(), reading.text.as_str(), reading.html.as_str()),
            ("Hello", "", "")
        );
        assert_eq!(reading.headers.len(), 2);
    }
}
