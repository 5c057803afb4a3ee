//! A sentence for this page: a small part that htmx puts beside whatever else it swaps.

use askama::Template;

/// A notice in the corner. An error stays until it is closed.
#[derive(Clone, Debug)]
pub struct Toast {
    /// `ok`, `info` or `error`.
    pub kind: &'static str,
    pub text: String,
    /// Where the Undo button posts to, when there is something to undo.
    pub undo: Option<String>,
}

impl Toast {
    pub fn ok(text: &str) -> Self {
        Self { kind: "ok", text: text.to_owned(), undo: None }
    }

    pub fn with_undo(text: &str, undo: String) -> Self {
        Self { kind: "ok", text: text.to_owned(), undo: Some(undo) }
    }
}

/// A toast alone, wrapped as the part that htmx appends to `#toasts`.
#[derive(Template)]
#[template(path = "web/toast.html")]
pub struct ToastPart {
    pub toast: Toast,
}

impl ToastPart {
    pub fn error(text: &str) -> Self {
        Self { toast: Toast { kind: "error", text: text.to_owned(), undo: None } }
    }

    pub fn ok(text: &str) -> Self {
        Self { toast: Toast::ok(text) }
    }
}
