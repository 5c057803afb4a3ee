//! htmx as we use it, and nothing inline: what the content security policy would stop, and what would work
//! in the version before (design: htmx 4 without evaluation).

use regex_lite::Regex;

use super::{
    each_is_heard, none,
    source::{File, files},
};

/// Templates with values that are not escaped, how many, and why each is safe.
const UNESCAPED: &[(&str, usize, &str)] = &[];

/// Ways to write what nobody has checked into a page, and the Rust files that may.
const HTML_SAFE: &[(&str, &str)] = &[
    ("src/web/icon.rs", "an icon's name comes from templates and code, never from people"),
    ("src/web/safe_html.rs", "is what code has drawn itself, such as a QR code"),
    ("src/accounts/security/two_factor_change.rs", "draws the QR code of a secret it has just made"),
];

const VERBS: &[&str] = &["hx-get", "hx-post", "hx-sse:connect"];
const OF_A_VERB: &[&str] = &["hx-target", "hx-swap", "hx-include", "hx-headers", "hx-confirm", "hx-sync"];
const REFUSED: &[(&str, &str)] = &[
    ("hx-ext", "extensions load themselves in htmx 4"),
    ("hx-on", "needs evaluation, which the policy forbids"),
    ("hx-vars", "needs evaluation, which the policy forbids"),
    ("hx-params", "is gone in htmx 4"),
    ("hx-disabled-elt", "is called hx-disable in htmx 4"),
    ("hx-put", "there are only GET and POST doors"),
    ("hx-patch", "there are only GET and POST doors"),
    ("hx-delete", "there are only GET and POST doors"),
];

/// An opening tag, its expressions replaced by `…` and its template tags gone.
#[derive(Debug)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn value(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(mine, _)| mine == name).map(|(_, value)| value.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }
}

fn tags(text: &str) -> Vec<Tag> {
    let replaced = |text: &str, what: &str, by: &str| {
        Regex::new(what).expect("a pattern").replace_all(text, by).into_owned()
    };
    let html = replaced(text, r"(?s)\{#.*?#\}|<!--.*?-->", "");
    let html = replaced(&replaced(&html, r"(?s)\{\{.*?\}\}", "…"), r"(?s)\{%.*?%\}", " ");
    let tag = Regex::new(r#"(?s)<([a-zA-Z][\w-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>"#).expect("a pattern");
    let attribute =
        Regex::new(r#"(?s)([^\s"'=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?"#).expect("a pattern");
    let read = |found: regex_lite::Captures<'_>| {
        let pairs = attribute.captures_iter(found.get(2).map_or("", |all| all.as_str()));
        let pair = |a: regex_lite::Captures<'_>| {
            let value = a.get(2).or(a.get(3)).or(a.get(4)).map_or("", |value| value.as_str());
            (a[1].to_lowercase(), value.to_owned())
        };
        Tag { name: found[1].to_lowercase(), attributes: pairs.map(pair).collect() }
    };
    tag.captures_iter(&html).map(read).collect()
}

fn htmx_faults(tag: &Tag) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, value) in tag.attributes.iter().filter(|(name, _)| name.starts_with("hx-")) {
        let bare = name.split(':').next().unwrap_or_default();
        complaints.extend(
            REFUSED.iter().filter(|(refused, _)| bare == *refused).map(|(_, why)| format!("{name} {why}")),
        );
        if value.trim_start().starts_with("js:") || value.trim_start().starts_with("javascript:") {
            complaints.push(format!("{name} evaluates"));
        }
        if bare == "hx-trigger" && value.contains('[') {
            complaints.push("a filter in hx-trigger evaluates".to_owned());
        }
        let is_lost = OF_A_VERB.contains(&name.as_str())
            && !VERBS.iter().any(|verb| tag.has(verb))
            && tag.name != "hx-partial";
        if is_lost {
            complaints.push(format!(
                "{name} on an element without a verb: it is not inherited unless it ends in :inherited"
            ));
        }
    }
    let is_plain_form = tag.value("method") == Some("post") && tag.has("action");
    if tag.name == "form" && tag.has("hx-post") && !is_plain_form {
        complaints.push("a form without method=\"post\" and action needs JavaScript".to_owned());
    }
    complaints
}

fn inline_faults(tag: &Tag, is_mail: bool) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, value) in &tag.attributes {
        if name.starts_with("on") && name.len() > 2 {
            complaints.push(format!("{name} is a script inside the page"));
        }
        if name == "style" && !is_mail {
            complaints.push("a style inside the page".to_owned());
        }
        if ["href", "src", "action"].contains(&name.as_str())
            && value.trim_start().to_lowercase().starts_with("javascript:")
        {
            complaints.push(format!("{name} evaluates"));
        }
        let loads = name == "src" || name == "srcset" || (tag.name == "link" && name == "href");
        if loads && (value.contains("//") || value.starts_with("data:text")) && !is_mail {
            complaints.push(format!("{name} asks another host: {value}"));
        }
    }
    match tag.name.as_str() {
        "script" if is_mail || !tag.has("src") => complaints.push("a script inside the page".to_owned()),
        "style" if !is_mail => complaints.push("a style inside the page".to_owned()),
        "iframe" if tag.value("sandbox").is_none_or(|may| may.contains("allow-scripts")) => {
            complaints.push("what stands in an iframe is put into a sandbox without scripts".to_owned());
        }
        "base" | "object" | "embed" => {
            complaints.push(format!("<{}> has not been thought about", tag.name));
        }
        _ => {}
    }
    complaints
}

fn faults(file: &File) -> Vec<String> {
    let is_mail = file.path.contains("/mail/") || file.path.ends_with("layouts/email.html");
    let mut complaints: Vec<String> = tags(&file.text)
        .iter()
        .flat_map(|tag| {
            [htmx_faults(tag), inline_faults(tag, is_mail)]
                .concat()
                .into_iter()
                .map(|fault| format!("<{}>: {fault}", tag.name))
        })
        .collect();
    complaints.extend(old_events(&file.text));
    complaints.into_iter().map(|complaint| format!("{} {complaint}", file.path)).collect()
}

/// Names of events as htmx 2 wrote them.
fn old_events(text: &str) -> Vec<String> {
    let event = Regex::new(r"htmx:[a-z]+[A-Z]\w*").expect("a pattern");
    event.find_iter(text).map(|found| format!("{} is an event of htmx 2", found.as_str())).collect()
}

fn script_faults(file: &File) -> Vec<String> {
    let refused = [
        "eval(",
        "new Function",
        "document.write",
        ".outerHTML =",
        "insertAdjacentHTML",
        "http://",
        "https://",
    ];
    let code: String =
        file.text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut complaints: Vec<String> =
        refused.iter().filter(|word| code.contains(**word)).map(|word| format!("says {word}")).collect();
    let writes = Regex::new(r#"\.innerHTML\s*\+?=\s*(\S+)"#).expect("a pattern");
    let written = writes.captures_iter(&code).filter(|found| !found[1].starts_with("''"));
    complaints.extend(written.map(|found| format!("writes {} as HTML", &found[1])));
    complaints.extend(old_events(&file.text));
    complaints.into_iter().map(|complaint| format!("{} {complaint}", file.path)).collect()
}

/// How many values of this template are not escaped.
fn unescaped(text: &str) -> usize {
    let filter = Regex::new(r#"\|\s*(?:safe\b|escape\("none"\)|e\("none"\))"#).expect("a pattern");
    filter.find_iter(text).count()
}

fn template(text: &str) -> File {
    File { path: "templates/contacts/index.html".to_owned(), text: text.to_owned() }
}

#[test]
fn every_template_keeps_the_rules() {
    let all = files("templates", "");
    assert!(all.iter().flat_map(|file| tags(&file.text)).count() > 10);
    none(all.iter().flat_map(faults));
}

#[test]
fn a_template_that_breaks_a_rule_is_heard() {
    let planted = [
        r##"<div hx-ext="sse">"##,
        r##"<button hx-on:click="go()">"##,
        r##"<button hx-on::after-request="go()">"##,
        r##"<form method="post" action="/x" hx-post="/x" hx-disabled-elt="this">"##,
        r##"<div hx-get="/x" hx-vars="a:1">"##,
        r##"<div hx-get="/x" hx-params="*">"##,
        r##"<div hx-get="/x" hx-vals="js:{a: 1}">"##,
        r##"<input hx-get="/x" hx-trigger="keyup[key=='Enter']">"##,
        r##"<section hx-target="#rows"><a href="/x">x</a></section>"##,
        r##"<body hx-confirm="Sure?">"##,
        r##"<button hx-delete="/x/{{ id }}">"##,
        r##"<form hx-post="/x">"##,
        r##"<p class="a{% if b %} c{% endif %}" style="color: red">"##,
        r##"<style>p {}</style>"##,
        r##"<script>go()</script>"##,
        r##"<button onclick="go()">"##,
        r##"<a href="javascript:go()">"##,
        r##"<img src="https://elsewhere.test/pixel.gif">"##,
        r##"<link rel="stylesheet" href="//elsewhere.test/a.css">"##,
        r##"<iframe src="/x"></iframe>"##,
        r##"<p>htmx:afterSwap</p>"##,
    ];
    each_is_heard(&planted, |text| faults(&template(text)));
}

#[test]
fn a_template_as_we_write_them_is_fine() {
    let text = r##"{# hx-ext, <p style="x"> #}
        <body class="app{% if on == "x" %} on{% endif %}" hx-boost:inherited="swap:outerHTML target:#main">
        <form method="post" action="/x" hx-post="/x" hx-target="this" hx-swap="outerHTML" {% call f("a") %}{% endcall %}>
        <hx-partial hx-target="#toasts" hx-swap="beforeend"><a href="https://example.com">x</a></hx-partial>
        <div hx-sse:connect="/live" hx-swap="none"></div><script src="{{ asset("js/app.js") }}" defer></script>"##;
    none(faults(&template(text)));
    let mail =
        File { path: "templates/accounts/mail/reset.html".into(), text: r#"<p style="color: red">"#.into() };
    none(faults(&mail));
}

#[test]
fn scripts_write_no_html_and_ask_no_other_host() {
    none(files("static/js", ".js").iter().flat_map(script_faults));
    let planted =
        ["el.innerHTML = name;", "eval(x)", "fetch('https://elsewhere.test')", "on('htmx:afterSwap')"];
    each_is_heard(&planted, |text| {
        script_faults(&File { path: "static/js/app.js".into(), text: text.into() })
    });
}

#[test]
fn styles_ask_no_other_host() {
    let foreign = |text: &str| {
        Regex::new(r"(?:url\(|@import)\s*['\x22]?(?:https?:)?//").expect("a pattern").is_match(text)
    };
    none(files("static/css", ".css").into_iter().filter(|file| foreign(&file.text)).map(|file| file.path));
    assert!(
        foreign("@import 'https://elsewhere.test/a.css'")
            && foreign("background: url(//elsewhere.test/a.png)")
    );
}

#[test]
fn values_that_are_not_escaped_are_counted_and_explained() {
    for file in files("templates", "") {
        let listed =
            UNESCAPED.iter().find(|(path, _, _)| *path == file.path).map_or(0, |(_, count, _)| *count);
        assert_eq!(unescaped(&file.text), listed, "{} has values that are not escaped", file.path);
    }
    assert_eq!(unescaped(r#"{{ a|safe }} {{ b | safe }} {{ c|escape("none") }} {{ d|e }}"#), 3);
    for file in files("src", ".rs") {
        let is_listed = HTML_SAFE.iter().any(|(path, _)| *path == file.path);
        let writes_html =
            ["impl HtmlSafe", "SafeHtml::drawn(", "filters::Safe", "escape = \"none\"", "Html(format!"]
                .iter()
                .any(|word| file.text.contains(word));
        assert!(is_listed || !writes_html, "{} writes HTML that nobody escapes", file.path);
    }
}
