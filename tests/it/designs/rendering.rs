//! Blocks as e-mails: every kind, both parts, sizes, and what the footer guarantees.

use groundswell::designs::{
    blocks::{self, KINDS},
    document::{Document, Place},
    merge::{Compiled, MergeFields, Templates, Untracked},
    render::{CLIPPED_AT, For, Rendered, check, render},
    samples::{self, SAMPLES},
    starters::STARTERS,
    styles::Styles,
};
use serde_json::json;

/// One of every kind, and every kind that may in columns.
fn everything() -> Document {
    let mut design = Document::of(Styles::default(), Vec::new());
    for kind in KINDS.iter().filter(|kind| kind.key() != blocks::FOOTER) {
        let id = design.add(kind.key(), Place::Last).unwrap();
        if kind.key() == blocks::COLUMNS {
            for (at, inner) in ["heading", "text", "image", "button", "divider", "spacer"].iter().enumerate()
            {
                design.add(inner, Place::In(id, (at % 2) as i16)).unwrap();
            }
        }
    }
    for block in &mut design.blocks {
        let typed = |name: &str| {
            match name {
            "src" => Some("https://img.test/{{ contact.city | default(\"x\") }}.png?a=1&b=2".to_owned()),
            "href" => Some("https://a.test/?who={{ contact.email }}&b=\"".to_owned()),
            "alt" | "text" | "label" => Some("Words & <more> \"quoted\" \u{200d}🧑‍🚀\\ {{ contact.first_name | default(\"<you>\") }}".to_owned()),
            "html" => Some("<p>Hi <b>{{ contact.first_name | default(\"there\") }}</b> &amp; <a href=\"https://b.test/?a=1&amp;b=2\">all</a><br>x</p><ul><li>one</li></ul>".to_owned()),
            _ => None,
        }
        };
        let kind = blocks::kind(&block.kind).unwrap();
        block.props = kind.read(&block.props, &typed).unwrap();
    }
    design
}

fn mail(rendered: &Rendered) -> Compiled {
    let templates = Templates { subject: "Hi", html: &rendered.html, text: &rendered.text };
    Compiled::new(templates, &MergeFields::standard())
        .unwrap_or_else(|problems| panic!("{problems:?}\n{}", rendered.html))
}

#[test]
fn every_block_renders_in_both_parts_for_everybody_and_fits() {
    let rendered = render(&everything(), For::Recipients).unwrap();
    let mail = mail(&rendered);
    for sample in SAMPLES {
        let values = samples::values(&samples::contact(sample.key), "Acme & Sons");
        let html = mail.render_html(&values, &Untracked).unwrap();
        assert!(html.len() <= CLIPPED_AT, "{} bytes", html.len());
        for left in ["{{", "}}", "{%", "\u{169B}", "\\u{", "gw-b-", "<mj-", "<script"] {
            assert!(!html.contains(left), "{left} in {html}");
        }
        let text = mail.render_text(&values, &Untracked).unwrap();
        assert!(!text.contains("{{") && !text.contains("<b>"), "{text}");
        assert!(text.contains("Unsubscribe: https://example.com/unsubscribe"), "{text}");
    }
    let html =
        mail.render_html(&samples::values(&samples::contact("usual"), "Acme & Sons"), &Untracked).unwrap();
    for said in [
        "Words &amp; &lt;more&gt; &quot;quoted&quot; \u{200d}🧑‍🚀\\ Dana",
        "https://img.test/Denver.png?a=1&amp;b=2",
        "Acme &amp; Sons",
        "href=\"https://example.com/unsubscribe\"",
        "href=\"https://example.com/preferences\"",
        "https://b.test/?a=1&amp;b=2",
        "12 Main Street",
        "prefers-color-scheme: dark",
    ] {
        assert!(html.contains(said), "{said} is missing:\n{html}");
    }
    assert!(
        !html.to_lowercase().contains("@import") && !html.contains("fonts.googleapis"),
        "asks no other host"
    );
}

#[test]
fn a_starter_renders_and_has_nothing_wrong_with_it() {
    for starter in STARTERS {
        let design = starter.document();
        let problems = check(&design, &MergeFields::standard());
        assert!(problems.is_empty(), "{}: {problems:?}", starter.key);
        mail(&render(&design, For::Recipients).unwrap());
    }
}

#[test]
fn the_checks_name_what_is_wrong_and_where() {
    let mut design = Document::of(
        Styles::default(),
        vec![
            ("image", json!({})),
            ("button", json!({ "label": "Go", "href": "" })),
            ("heading", json!({ "text": "{{ contact.shoe }}" })),
            ("text", json!({ "html": "<p>{{ contact.city }} <a href=\"javascript:x\">x</a></p>" })),
        ],
    );
    let told = |design: &Document| {
        check(design, &MergeFields::standard())
            .into_iter()
            .map(|(_, problem)| problem.what)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let said = told(&design);
    for wanted in [
        "no address",
        "no description",
        "leads nowhere",
        "no field “contact.shoe”",
        "“City” has no fallback",
        "must begin with https://",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    for _ in 0..120 {
        design.add("image_text", Place::Last).unwrap();
    }
    for block in &mut design.blocks {
        if block.kind == "image_text" {
            block.props["html"] = json!("word ".repeat(150));
            block.props["src"] = json!("https://a.test/x.png");
        }
    }
    assert!(told(&design).contains("Gmail cuts it off"), "{}", told(&design));
}

#[test]
fn the_editor_finds_every_block_in_the_canvas() {
    let design = everything();
    let html = render(&design, For::Editor).unwrap().html;
    for block in &design.blocks {
        assert!(html.contains(&format!("gw-b-{}", block.id)), "{} {}", block.kind, block.id);
    }
}
