//! The merge language: what it gives, what it refuses, and how it escapes (TPL-1 to TPL-3, RED-2).

use std::time::{Duration, Instant};

use groundswell::designs::merge::{
    Compiled, Line, MergeFields, OUTPUT_LIMIT, RenderError, Severity, Templates, Untracked, Values, address,
    check,
};
use serde_json::json;

fn fields() -> MergeFields {
    MergeFields::standard()
}

fn compiled(html: &str) -> Compiled {
    Compiled::new(Templates { subject: "", html, text: "" }, &fields())
        .unwrap_or_else(|problems| panic!("{html}: {problems:?}"))
}

fn dana() -> Values {
    Values::from(json!({ "contact": { "first_name": "Dana", "email": "dana@example.com", "city": "Denver" },
                         "unsubscribe_url": "https://gs.test/u/1" }))
}

fn named(name: &str) -> Values {
    Values::from(json!({ "contact": { "first_name": name, "company": name } }))
}

fn html(template: &str, values: &Values) -> String {
    compiled(template).render_html(values, &Untracked).unwrap()
}

/// Ways to make a template engine compute, read or run what it should not.
const PROBES: &str = include_str!("probes.txt");

#[test]
fn two_hundred_ways_to_break_out_are_refused_and_say_nothing() {
    assert!(PROBES.lines().count() >= 200);
    for probe in PROBES.lines() {
        for template in [format!("{{{{ {probe} }}}}"), format!("{{% if {probe} %}}x{{% endif %}}")] {
            let problems = check(&template, &fields()).expect_err(&template);
            assert!(
                problems.iter().any(|problem| problem.severity == Severity::Error),
                "{template}: {problems:?}"
            );
            let refused = Compiled::new(Templates { subject: &template, html: "", text: "" }, &fields());
            assert!(refused.is_err(), "{template}");
        }
    }
    for tag in [
        "import 'x'",
        "include 'x'",
        "extends 'x'",
        "set x = 1",
        "for x in y",
        "macro x()",
        "call x()",
        "block x",
        "raw",
        "do x",
        "from x import y",
        "with x",
        "filter x",
        "autoescape false",
    ] {
        let template = format!("{{% {tag} %}}");
        assert!(check(&template, &fields()).is_err(), "{template}");
    }
}

#[test]
fn marks_of_other_languages_are_text() {
    for text in
        ["${7*7}", "#{7*7}", "<%= 7*7 %>", "%env%", "*|FNAME|*", "[[7*7]]", "{7*7}", "{# hello #}", "@(7*7)"]
    {
        let said = Line::new(text, &fields()).unwrap().render(&dana()).unwrap();
        assert_eq!(said, text);
    }
}

#[test]
fn what_is_understood_gives_what_the_reference_gives() {
    let mut reference = minijinja_like();
    for (template, expected) in reference.drain(..) {
        let said =
            Line::new(template, &fields()).unwrap_or_else(|_| panic!("{template}")).render(&dana()).unwrap();
        assert_eq!(said, expected, "{template}");
    }
}

/// Templates, and what the whole language gives for Dana.
fn minijinja_like() -> Vec<(&'static str, &'static str)> {
    vec![
        ("Hi {{ contact.first_name }}", "Hi Dana"),
        ("Hi {{contact.first_name|upper|lower|capitalize}}!", "Hi Dana!"),
        ("{{ contact.last_name | default('there') }}", "there"),
        ("{{ contact.last_name | default(contact.city) }}", "Denver"),
        ("{{ 'a' }}{{ 7 }}{{ contact.phone }}.", "a7."),
        (
            "{% if contact.city == 'Denver' and not contact.phone %}in{% elif contact.city %}near{% else %}far{% endif %}",
            "in",
        ),
        ("{% if contact.phone %}a{% elif contact.city != 'x' %}b{% else %}c{% endif %}", "b"),
        (
            "{% if contact.phone or contact.company %}a{% else %}c{% if contact.city %}d{% endif %}{% endif %}",
            "cd",
        ),
        (
            "{{ contact.first_name | truncate(3) }}{{ 1234.5 | money('EUR') }}{{ '2026-11-21' | date('short') }}",
            "Da…€1,234.5021 Nov",
        ),
        ("{% if 3 > 2 %}y{% endif %}{% if 3 <= 2 %}n{% endif %}", "y"),
    ]
}

#[test]
fn large_templates_take_little_time_and_no_more_room_than_allowed() {
    let many = "{{ contact.first_name }}".repeat(64 * 1024 / 24);
    assert!(check(&many, &fields()).is_err(), "more than two thousand fields are refused");
    let bomb = "{{ contact.first_name }}".repeat(1_500);
    let line = Line::new(&bomb, &fields()).unwrap();
    assert_eq!(line.render(&named(&"x".repeat(20_000))), Err(RenderError::TooLarge));
    let deep = format!("{}x{}", "{% if contact.city %}".repeat(9), "{% endif %}".repeat(9));
    assert!(check(&deep, &fields()).is_err());
    let start = Instant::now();
    let said = line.render(&dana()).unwrap();
    assert!(start.elapsed() < Duration::from_millis(200), "{:?}", start.elapsed());
    assert!(said.len() <= OUTPUT_LIMIT);
}

/// What people and programs put into fields.
const PAYLOADS: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "java\tscript:alert(1)",
    "\u{0}javascript:alert(1)",
    "https://evil.test\r\nBcc: a@b.test",
    "//evil.test",
    "/\\evil.test",
    "https://user:pass@evil.test",
    "https:evil.test",
    "&lt;script&gt;",
    "&#106;avascript:alert(1)",
    "%0d%0aBcc:x",
    "a&b=c#d?e",
    "{{ 7*7 }}",
    "{% if 1 %}x{% endif %}",
    "${7*7}",
    "]]>",
    "-->",
    "--><script>",
    "</style><script>",
    "</textarea>",
    "\u{202e}gpj.exe",
    "a\u{2028}b",
    "a\nb",
    "a\r\nb",
    "\u{feff}x",
    "日本語",
    "🧑‍🚀",
    "שלום",
    "O'Brien & Söhne",
    "50% off + more",
    "a/../../b",
    "mailto:x@y?bcc=z",
    "expression(alert(1))",
    "url(javascript:x)",
];

#[test]
fn seven_places_escape_every_payload() {
    assert_eq!(PAYLOADS.len(), 40);
    let all = Compiled::new(
        Templates {
            subject: "S {{ contact.first_name }} E",
            text: "T {{ contact.first_name }} E",
            html: "<p>{{ contact.first_name }}</p><img alt=\"{{ contact.first_name }}\" src=\"https://a.test/{{ contact.first_name }}.png\">\
                   <a href=\"https://a.test/x?y={{ contact.first_name }}&amp;z=1\">q</a><a href=\"{{ contact.first_name }}\">w</a>\
                   <a href=\"https://{{ contact.first_name }}.a.test/\">h</a>",
        },
        &fields(),
    )
    .unwrap();
    for payload in PAYLOADS {
        let values = named(payload);
        let html = all.render_html(&values, &Untracked).unwrap();
        assert_eq!(
            (html.matches('<').count(), html.matches('"').count()),
            (9, 10),
            "{payload:?} changes the markup: {html}"
        );
        assert!(!html.contains("onerror=alert") || html.contains("&lt;img"), "{html}");
        let attributes: Vec<String> = html
            .split("=\"")
            .skip(1)
            .map(|rest| {
                rest.split('"')
                    .next()
                    .unwrap()
                    .replace("&amp;", "&")
                    .replace("&#39;", "'")
                    .replace("&quot;", "\"")
            })
            .collect();
        let [alt, src, query, whole, host] = attributes.as_slice() else { panic!("{attributes:?}") };
        let printable: String = payload.chars().filter(|c| !c.is_control() || "\n\t".contains(*c)).collect();
        assert_eq!(
            alt.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").len(),
            printable.replace("&lt;", "<").replace("&gt;", ">").len(),
            "{payload:?}: {alt}"
        );
        let encoded = query
            .strip_prefix("https://a.test/x?y=")
            .and_then(|rest| rest.strip_suffix("&z=1"))
            .unwrap_or_else(|| panic!("{query}"));
        assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)), "{encoded}");
        assert!(src == "#" || (src.starts_with("https://a.test/") && !src[15..].contains('/')), "{src}");
        for link in [whole, host] {
            assert!(link == "#" || address::fault(link).is_none(), "{payload:?} leads to {link}");
            assert!(!link.to_lowercase().starts_with("javascript") && !link.starts_with("data"), "{link}");
        }
        for line in [all.render_subject(&values).unwrap(), all.render_text(&values, &Untracked).unwrap()] {
            assert!(!line.contains(|c: char| c.is_control() || c == '\u{2028}'), "{line:?}");
            let kept: String =
                payload.chars().map(|c| if c.is_control() || c == '\u{2028}' { ' ' } else { c }).collect();
            assert_eq!(&line[2..line.len() - 2], kept, "not escaped, only kept on its line");
        }
    }
}

#[test]
fn a_field_in_a_style_or_a_handler_is_refused() {
    for html in [
        "<p style=\"color:{{ contact.city }}\">x</p>",
        "<p onclick=\"{{ contact.city }}\">x</p>",
        "<style>p { color: {{ contact.city }} }</style>",
    ] {
        assert!(Compiled::new(Templates { subject: "", html, text: "" }, &fields()).is_err(), "{html}");
    }
}

#[test]
fn what_is_missing_empty_odd_or_huge_is_never_shown_as_a_tag() {
    let template = "<p>Hi {{ contact.first_name | default(\"there\") }}!</p>";
    let cases = [
        (json!({}), "there"),
        (json!({ "contact": null }), "there"),
        (json!({ "contact": {} }), "there"),
        (json!({ "contact": { "first_name": null } }), "there"),
        (json!({ "contact": { "first_name": "" } }), "there"),
        (json!({ "contact": { "first_name": "  " } }), "there"),
        (json!({ "contact": "a string" }), "there"),
        (json!({ "contact": { "first_name": "ליאור" } }), "ליאור"),
        (json!({ "contact": { "first_name": "🧑‍🚀" } }), "🧑‍🚀"),
        (json!({ "contact": { "first_name": 7 } }), "7"),
        (json!({ "contact": { "first_name": ["a", "b"] } }), "a, b"),
        (json!({ "contact": { "first_name": { "secret": "x" } } }), ""),
    ];
    for (values, name) in cases {
        assert_eq!(html(template, &Values::from(values.clone())), format!("<p>Hi {name}!</p>"), "{values}");
    }
    let huge = html(template, &named(&"é".repeat(5 * 1024 * 1024)));
    assert!(huge.len() < 70_000 && huge.contains('…') && !huge.contains("{{"), "{}", huge.len());
    let deleted =
        Compiled::new(Templates { subject: "{{ contact.shoe_size }}", html: "", text: "" }, &fields());
    let Err(problems) = deleted else { panic!("a field that is gone stops the mail") };
    assert!(problems[0].what.contains("There is no field “contact.shoe_size”"), "{problems:?}");
}

#[test]
fn a_field_without_a_fallback_is_warned_of_and_a_mistyped_one_is_guessed() {
    let problems = check("Hi {{ contact.first_name }} {{ contact.firstname }}", &fields()).unwrap_err();
    assert_eq!(problems.len(), 2);
    assert!(
        problems[0].severity == Severity::Warning && problems[0].what.contains("no fallback"),
        "{problems:?}"
    );
    assert!(
        problems[1].is_error() && problems[1].what.contains("Did you mean “contact.first_name”"),
        "{problems:?}"
    );
    assert!(
        check("{{ organization.name }} {{ contact.email }} {{ contact.city | default('x') }}", &fields())
            .is_ok()
    );
}

#[test]
fn links_are_counted_by_number_and_the_recipients_own_never() {
    let mail = Compiled::new(
        Templates {
            subject: "",
            html: "<a href=\"https://a.test/?x=1&amp;y=2\">a</a><a href=\"mailto:a@b.test\">m</a><a href=\"tel:+1\">t</a><a href=\"https://b.test/{{ contact.city }}\">b</a>\
                   <a href=\"{{ unsubscribe_url }}\">u</a><a href=\"https://a.test/?x=1&amp;y=2\">again</a><img src=\"https://a.test/p.png\">",
            text: "Read https://a.test/?x=1&y=2.\nOr (https://c.test/{{ contact.city | default(\"no where\") }}), leave: {{ unsubscribe_url }}\n",
        },
        &fields(),
    )
    .unwrap();
    let targets: Vec<&str> = mail.links().iter().map(|link| link.target.as_str()).collect();
    assert_eq!(
        targets,
        [
            "https://a.test/?x=1&y=2",
            "https://b.test/{{ contact.city }}",
            "https://c.test/{{ contact.city | default(\"no where\") }}"
        ]
    );
    let tracked = |index: usize, target: &str| Some(format!("https://t.test/{index}?\"{}", target.len()));
    let html = mail.render_html(&dana(), &tracked).unwrap();
    assert_eq!(html.matches("https://t.test/0?&quot;").count(), 2, "{html}");
    for kept in
        ["mailto:a@b.test", "tel:+1", "https://gs.test/u/1", "https://a.test/p.png", "https://t.test/1?"]
    {
        assert!(html.contains(kept), "{kept}: {html}");
    }
    let text = mail.render_text(&dana(), &tracked).unwrap();
    assert!(
        text.contains(
            "Read https://t.test/0?\"23.\nOr (https://t.test/2?\"21), leave: https://gs.test/u/1\n"
        ),
        "{text}"
    );
    let plain = mail.render_html(&dana(), &Untracked).unwrap();
    assert!(
        plain.contains("href=\"https://a.test/?x=1&amp;y=2\"") && plain.contains("https://b.test/Denver"),
        "{plain}"
    );
}

#[test]
fn a_hundred_thousand_odd_values_never_make_a_link_that_runs_or_splits() {
    let mail = compiled(
        "<a href=\"{{ contact.first_name }}\">a</a><a href=\"https://a.test/{{ contact.first_name }}?q={{ contact.first_name }}\">b</a><a href=\"mailto:{{ contact.first_name }}\">c</a>",
    );
    let bits = [
        "javascript",
        "JAVA",
        "script",
        ":",
        "data:",
        "https://",
        "http:",
        "//",
        "/",
        "\\",
        "@",
        "?",
        "#",
        "%0a",
        "%0D",
        "\r",
        "\n",
        "\t",
        "\0",
        "a.test",
        "alert(1)",
        "\"",
        "'",
        "<",
        ">",
        "&",
        "\u{2028}",
        "ü",
        " ",
        "x",
    ];
    let mut seed = 0x2545_f491_u64;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % most
    };
    for _ in 0..100_000 / 3 + 1 {
        let value: String = (0..=next(6)).map(|_| bits[next(bits.len())]).collect();
        let html = mail.render_html(&named(&value), &Untracked).unwrap();
        assert_eq!(html.matches('"').count(), 6, "{value:?}: {html}");
        for link in html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let link = link.replace("&#39;", "'").replace("&amp;", "&");
            let is_fine = ["https://", "http://", "mailto:", "tel:"]
                .iter()
                .any(|start| link.to_lowercase().starts_with(start));
            assert!(link == "#" || is_fine, "{value:?} leads to {link}");
            assert!(!link.contains(|c: char| c.is_control()), "{value:?} splits {link:?}");
            if link.starts_with("mailto:") {
                assert!(
                    !link.to_lowercase().contains("%0a") && !link.to_lowercase().contains("%0d"),
                    "{link}"
                );
            }
        }
    }
}

#[test]
fn a_compiled_mail_can_be_rendered_on_all_cores() {
    fn shared<T: Send + Sync>() {}
    shared::<Compiled>();
    shared::<Values>();
}
