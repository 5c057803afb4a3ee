//! What is known of a campaign before it leaves.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::queries;
use crate::{
    campaigns::{Broadcast, CampaignId, freeze},
    designs::{
        self,
        merge::{self, MergeFields, Problem},
        people,
    },
    senders,
    tenancy::OrgTx,
    web::{self, App},
};

/// An import this young may be of people who expect nothing.
const FRESH: TimeDelta = TimeDelta::hours(24);

/// All that the checks look at.
#[derive(Clone, Debug)]
pub struct Facts {
    pub campaign: CampaignId,
    /// Whether anybody said whom it is for.
    pub is_chosen: bool,
    pub audience: Audience,
    /// Files whose people are in it and did not say that they agree.
    pub fresh_imports: Vec<String>,
    /// Whom it is from, in words; none where that was put away.
    pub sender: Option<String>,
    pub is_signed: bool,
    /// Whether mail leaves the machine.
    pub has_server: bool,
    pub subject: String,
    pub preview_text: String,
    /// What is wrong with the subject and the preview text.
    pub said: Vec<Problem>,
    pub content: Option<Content>,
    /// Where the organization is.
    pub address: String,
    pub base_url: String,
}

/// Whom it is for, counted as a start counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    /// Everybody who was chosen.
    pub people: i64,
    pub no_address: i64,
    pub suppressed: i64,
    pub opted_out: i64,
    pub paused: i64,
}

impl Audience {
    pub fn left_out(&self) -> i64 {
        self.no_address + self.suppressed + self.opted_out + self.paused
    }

    /// Those who get it.
    pub fn gets(&self) -> i64 {
        self.people - self.left_out()
    }

    /// Why people are left out, each reason with its number.
    pub fn reasons(&self) -> String {
        let all = [
            (self.no_address, "without an e-mail address"),
            (self.suppressed, "suppressed"),
            (self.opted_out, "opted out"),
            (self.paused, "paused"),
        ];
        let some =
            all.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}"));
        some.collect::<Vec<_>>().join(", ")
    }
}

/// A design, as the checks see it.
#[derive(Clone, Debug)]
pub struct Content {
    pub id: Uuid,
    pub name: String,
    pub problems: Vec<Problem>,
    /// Of the HTML part.
    pub bytes: usize,
    /// Letters of the text part, links and merge fields left aside.
    pub letters: usize,
    pub images: usize,
    pub can_unsubscribe: bool,
}

/// Reads them all.
pub async fn gather(
    app: &App,
    tx: &mut OrgTx,
    broadcast: &Broadcast,
    now: DateTime<Utc>,
) -> web::Result<Facts> {
    let fields = people::fields(tx).await?;
    let is_chosen = broadcast.to_everybody || queries::has_lists(tx, broadcast.id).await?;
    let senders = senders::choices(tx).await?;
    let sender =
        broadcast.sender.and_then(|id| senders.into_iter().find(|(known, _)| *known == id.to_string()));
    let is_signed = match broadcast.sender {
        Some(sender) => senders::is_signed(tx, sender).await?,
        None => false,
    };
    Ok(Facts {
        campaign: broadcast.campaign,
        is_chosen,
        audience: queries::audience(tx, broadcast, now).await?,
        fresh_imports: queries::fresh_imports(tx, broadcast, now - FRESH).await?,
        sender: sender.map(|(_, words)| words),
        is_signed,
        has_server: app.config.smtp_url.is_some() || queries::has_server(tx).await?,
        subject: broadcast.subject.clone(),
        preview_text: broadcast.preview_text.clone(),
        said: said(broadcast, &fields),
        content: content(tx, broadcast, &fields).await?,
        address: freeze::organization(tx).await?.address,
        base_url: app.config.base_url.clone(),
    })
}

fn said(broadcast: &Broadcast, fields: &MergeFields) -> Vec<Problem> {
    let both = [&broadcast.subject, &broadcast.preview_text];
    both.into_iter().flat_map(|line| merge::check(line, fields).err().unwrap_or_default()).collect()
}

async fn content(
    tx: &mut OrgTx,
    broadcast: &Broadcast,
    fields: &MergeFields,
) -> web::Result<Option<Content>> {
    let Some(design) = broadcast.design else { return Ok(None) };
    let Some(frozen) = designs::compile(tx, design, fields).await? else { return Ok(None) };
    let name = queries::design_name(tx, design).await?.unwrap_or_default();
    Ok(Some(Content {
        id: design.0,
        name,
        bytes: frozen.html.len(),
        letters: letters(&frozen.text),
        images: frozen.html.matches("<img").count(),
        can_unsubscribe: frozen.html.contains("unsubscribe_url") && frozen.text.contains("unsubscribe_url"),
        problems: frozen.problems,
    }))
}

/// Letters that say something.
fn letters(text: &str) -> usize {
    let body = text.rsplit_once("\n--").map_or(text, |(body, _)| body);
    let words = body.split_whitespace().filter(|word| !word.contains("://") && !word.contains(['{', '}']));
    words.map(|word| word.chars().count()).sum()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn links_fields_and_the_footer_are_no_words() {
        assert_eq!(
            letters("Hello {{ contact.name }}\nhttps://x.test/a\n--\nYou get this"),
            "Hellocontact.name".len()
        );
        assert_eq!(letters(""), 0);
    }
}
