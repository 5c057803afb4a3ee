//! The end of every e-mail: who sends it, from where, and how to get no more of them.

use serde::{Deserialize, Serialize};

use super::{
    Draw, Field,
    draw::{Inside, TextPart},
    kind::{Block, Standing},
};

#[derive(Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Footer {
    /// Why somebody gets this.
    reason: String,
    unsubscribe: String,
    preferences: String,
    view: String,
}

impl Default for Footer {
    fn default() -> Self {
        let reason = "You get this e-mail because you asked us to keep you up to date.";
        let [reason, unsubscribe, preferences, view] =
            [reason, "Unsubscribe", "Choose what you get", "View in browser"].map(str::to_owned);
        Self { reason, unsubscribe, preferences, view }
    }
}

/// What it says cannot be left empty: a link that nobody sees is none.
fn or<'a>(typed: &'a str, otherwise: &'a str) -> &'a str {
    if typed.trim().is_empty() { otherwise } else { typed }
}

impl Footer {
    fn links(&self) -> [(&str, &'static str); 3] {
        [
            (or(&self.unsubscribe, "Unsubscribe"), "{{ unsubscribe_url }}"),
            (or(&self.preferences, "Choose what you get"), "{{ preferences_url }}"),
            (or(&self.view, "View in browser"), "{{ view_url }}"),
        ]
    }
}

impl Block for Footer {
    const KEY: &'static str = "footer";
    const NAME: &'static str = "Footer";
    const ICON: &'static str = "lock";
    const STANDING: Standing = Standing::Wide;

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::line("reason", "Why they get this", &self.reason),
            Field::line("unsubscribe", "Words of the unsubscribe link", &self.unsubscribe),
            Field::line("preferences", "Words of the preferences link", &self.preferences),
            Field::line("view", "Words of the browser link", &self.view),
        ]
    }

    fn summary(&self) -> String {
        "Footer, always there".to_owned()
    }

    fn mjml(&self, draw: &mut Draw<'_>, _: &Inside) -> String {
        let (class, muted) = (draw.class(), draw.styles.muted());
        let links = self.links().map(|(words, tag)| {
            let (href, words) = (draw.words(tag), draw.words(words));
            format!("<a href=\"{href}\" class=\"gw-quiet\" style=\"color:{muted}\">{words}</a>")
        });
        let reason = draw.words(&self.reason);
        let sender = draw.words("{{ organization.name }}");
        let address = draw.words("{{ organization.address }}");
        format!(
            "<mj-section css-class=\"gw-foot {class}\" padding=\"8px 0 24px\"><mj-column>\
             <mj-text css-class=\"gw-muted\" align=\"center\" color=\"{muted}\" font-size=\"12px\" line-height=\"1.6\" padding=\"12px 32px\">\
             <p>{reason}</p><p><b>{sender}</b><br />{address}</p><p>{}</p></mj-text></mj-column></mj-section>",
            links.join(" &#160;·&#160; ")
        )
    }

    fn text(&self, part: &mut TextPart, _: &Inside) {
        part.paragraph("--");
        part.paragraph(&self.reason);
        part.paragraph("{{ organization.name }}\n{{ organization.address }}");
        let links = self.links().map(|(words, tag)| format!("{words}: {tag}"));
        part.paragraph(&links.join("\n"));
    }
}
