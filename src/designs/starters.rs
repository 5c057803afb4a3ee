//! Designs to begin with.

use serde_json::json;

use super::{document::Document, styles::Styles};

pub struct Starter {
    pub key: &'static str,
    pub name: &'static str,
    pub about: &'static str,
    pub icon: &'static str,
    make: fn() -> Document,
}

impl Starter {
    pub fn document(&self) -> Document {
        (self.make)()
    }
}

pub const STARTERS: &[Starter] = &[
    Starter {
        key: "blank",
        name: "Blank",
        about: "A heading, a text and the footer.",
        icon: "file",
        make: blank,
    },
    Starter {
        key: "announcement",
        name: "Announcement",
        about: "One piece of news and one button.",
        icon: "speakerphone",
        make: announcement,
    },
    Starter {
        key: "newsletter",
        name: "Newsletter",
        about: "Several stories below each other.",
        icon: "news",
        make: newsletter,
    },
    Starter {
        key: "letter",
        name: "Personal letter",
        about: "Looks typed by a person, and is still easy to leave.",
        icon: "mail",
        make: letter,
    },
];

pub fn starter(key: &str) -> Option<&'static Starter> {
    STARTERS.iter().find(|starter| starter.key == key)
}

const HELLO: &str = "<p>Hi {{ contact.first_name | default(\"there\") }},</p>";

fn blank() -> Document {
    let text = format!("{HELLO}\n<p>Write here what you have to say.</p>");
    Document::of(
        Styles::default(),
        vec![("heading", json!({ "text": "What this is about" })), ("text", json!({ "html": text }))],
    )
}

fn announcement() -> Document {
    let text = format!(
        "{HELLO}\n<p>We have something new, and we think that you will like it. Say in two or three sentences what it is, and what it does for the person who reads this.</p>"
    );
    Document::of(
        Styles { accent: "#0f766e".into(), ..Styles::default() },
        vec![
            ("heading", json!({ "text": "It is here", "align": "center" })),
            ("text", json!({ "html": text })),
            (
                "button",
                json!({ "label": "See what is new", "href": "https://example.com/new", "align": "center" }),
            ),
            ("divider", json!({})),
            (
                "text",
                json!({ "html": "<p>Questions? Just answer this e-mail.</p>", "size": "14", "align": "center" }),
            ),
        ],
    )
}

fn newsletter() -> Document {
    let story = |title: &str| json!({ "html": format!("<p><b>{title}</b></p>\n<p>Two sentences that make people want to read on. <a href=\"https://example.com/story\">Read it</a></p>") });
    Document::of(
        Styles {
            font: "Georgia, 'Times New Roman', serif".into(),
            accent: "#9f3a16".into(),
            ..Styles::default()
        },
        vec![
            ("heading", json!({ "text": "What happened this month" })),
            ("text", json!({ "html": format!("{HELLO}\n<p>Three stories, two minutes to read.</p>") })),
            ("divider", json!({})),
            ("heading", json!({ "text": "The story of the month", "level": "2" })),
            ("text", story("Begin with what changed")),
            ("button", json!({ "label": "Read the story", "href": "https://example.com/story" })),
            ("divider", json!({})),
            ("heading", json!({ "text": "Also worth knowing", "level": "2" })),
            ("text", story("A second story")),
            ("text", story("A third story")),
        ],
    )
}

fn letter() -> Document {
    let text = format!(
        "{HELLO}\n<p>I wanted to write to you myself. Say why, in your own words, as you would to one person.</p>\n<p>If it is easier to talk, answer this e-mail and I will call you.</p>\n<p>Best wishes,<br>Your name</p>"
    );
    let plain = Styles { background: "#ffffff".into(), ..Styles::default() };
    Document::of(plain, vec![("spacer", json!({ "height": 16 })), ("text", json!({ "html": text }))])
}
