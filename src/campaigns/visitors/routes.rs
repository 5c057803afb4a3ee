//! `/p/{token}`: what one hears about. `/u/{token}`: one button, and the one click of mail programs.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    Choose, EmailUnsubscribed, Guest, Read, TRIAL,
    choice::{Choices, Line, Standing, Wish},
    queries::{self, Recipient},
    views::{Preferences, Unsubscribe, nobodys, nothing_here, trial},
};
use crate::{
    campaigns::tokens::Link,
    contacts::{
        ContactId,
        consent::{self, NewConsent, TopicId},
        merging,
    },
    events,
    orgs::brand,
    tenancy::OrgTx,
    web::{App, ClientAddress, Form, Result, Routes, View},
};

pub fn routes() -> Routes {
    Routes::public().get("/p/{token}", show).post("/p/{token}", save)
}

/// Taken from anywhere: a mail program that unsubscribes for its owner comes from no page of ours (RFC 8058).
pub fn one_click_routes() -> Routes {
    Routes::public().get("/u/{token}", ask).post("/u/{token}", unsubscribe)
}

async fn show(State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    if token == TRIAL {
        return Ok(trial());
    }
    let Some(guest) = Guest::with(&app, &token, Link::Preferences).await? else { return Ok(nothing_here()) };
    let mut tx = guest.enter::<Read>(&app).await?;
    page(&app, &mut tx, &guest, (token, String::new())).await
}

/// The page as it is now.
async fn page(app: &App, tx: &mut OrgTx, guest: &Guest, (token, told): (String, String)) -> Result<Response> {
    let recipient = queries::recipient(tx, guest.broadcast, guest.to.contact).await?;
    let Some(recipient) = recipient.filter(|recipient| recipient.is_here) else { return Ok(nothing_here()) };
    let choices = choices(app, tx, recipient.person).await?;
    let until = match choices.standing {
        Standing::PausedUntil(until) => date(until),
        _ => String::new(),
    };
    let brand = brand::known_as(app, tx).await?;
    let action = format!("/p/{token}");
    let Recipient { address, .. } = recipient;
    Ok(View(Preferences { brand, action, address, choices, told, until }).into_response())
}

fn date(at: chrono::DateTime<chrono::Utc>) -> String {
    at.format("%-d %B %Y").to_string()
}

async fn choices(app: &App, tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Choices> {
    let topics = consent::topics(tx).await?;
    let said = consent::last_words(tx, contact).await?;
    Ok(Choices::of(topics, &said, app.clock.now()))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ChoiceForm {
    /// `topics`, `pause-30`, `pause-90`, `stop` or `start`.
    what: String,
    topic: Vec<TopicId>,
}

impl ChoiceForm {
    fn wish(self) -> Option<Wish> {
        Some(match self.what.as_str() {
            "topics" => Wish::Topics(self.topic),
            "pause-30" => Wish::Pause(30),
            "pause-90" => Wish::Pause(90),
            "stop" => Wish::Stop,
            "start" => Wish::Start,
            _ => return None,
        })
    }
}

async fn save(
    State(app): State<App>,
    from: ClientAddress,
    Path(token): Path<String>,
    Form(form): Form<ChoiceForm>,
) -> Result<Response> {
    let Some(guest) = Guest::with(&app, &token, Link::Preferences).await? else { return Ok(nothing_here()) };
    let mut tx = guest.enter::<Choose>(&app).await?;
    let recipient = queries::recipient(&mut tx, guest.broadcast, guest.to.contact).await?;
    let (Some(recipient), Some(wish)) = (recipient.filter(|one| one.is_here), form.wish()) else {
        return Ok(nothing_here());
    };
    let told =
        grant(&app, &mut tx, (&guest, &recipient), &wish, ("preferences", &from.0.to_string())).await?;
    let page = page(&app, &mut tx, &guest, (token, told)).await?;
    tx.commit().await?;
    Ok(page)
}

/// Writes down what somebody wishes, and says what has changed.
async fn grant(
    app: &App,
    tx: &mut OrgTx,
    (guest, recipient): (&Guest, &Recipient),
    wish: &Wish,
    (how, address): (&str, &str),
) -> Result<String> {
    let now = app.clock.now();
    let Some(contact) = merging::meant(tx, recipient.person).await? else { return Ok(String::new()) };
    let choices = choices(app, tx, contact).await?;
    let lines = choices.lines(wish, now);
    for line in &lines {
        let said = NewConsent {
            contact,
            topic: line.topic,
            state: line.state,
            paused_until: line.paused_until,
            source: how,
            wording: "",
            address,
            by: None,
        };
        consent::record(tx, said, now).await?;
    }
    if let Some(line) = goes(&lines, recipient)
        && queries::unsubscribed(tx, (guest.broadcast, guest.to.contact), now).await?
    {
        let broadcast = guest.broadcast;
        let gone =
            EmailUnsubscribed { contact: contact.0, broadcast, topic: line.topic, how: how.to_owned() };
        events::record(tx, &gone).await?;
    }
    Ok(choices.told(wish, &lines, date))
}

/// The line by which somebody hears no more of what this mail was about.
fn goes<'a>(lines: &'a [Line], recipient: &Recipient) -> Option<&'a Line> {
    let is_new =
        !lines.iter().any(|line| line.state == "paused" || line.state == "granted" && line.topic.is_none());
    let of_this = |line: &&Line| line.topic.is_none() || line.topic == recipient.topic;
    lines.iter().find(|line| is_new && line.state == "withdrawn" && of_this(line))
}

/// The button. Looking at it changes nothing: mail is read by machines that follow every link.
async fn ask(State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    if token == TRIAL {
        return Ok(trial());
    }
    let Some(guest) = Guest::with(&app, &token, Link::Preferences).await? else {
        return Ok(View(strangers(&token, false)).into_response());
    };
    let mut tx = guest.enter::<Read>(&app).await?;
    Ok(View(of_guest(&app, &mut tx, &guest, (token, false)).await?).into_response())
}

/// No body, no cookie, no session: the address alone says it. Done twice it is done once.
async fn unsubscribe(
    State(app): State<App>,
    from: ClientAddress,
    Path(token): Path<String>,
) -> Result<Response> {
    let Some(guest) = Guest::with(&app, &token, Link::Preferences).await? else {
        return Ok(View(strangers(&token, true)).into_response());
    };
    let mut tx = guest.enter::<Choose>(&app).await?;
    stop(&app, &mut tx, &guest, &from.0.to_string()).await?;
    let page = of_guest(&app, &mut tx, &guest, (token, true)).await?;
    tx.commit().await?;
    Ok((StatusCode::OK, View(page)).into_response())
}

/// Stops what the mail was about, or everything where it was about nothing in particular.
pub(super) async fn stop(app: &App, tx: &mut OrgTx, guest: &Guest, from: &str) -> Result<()> {
    let recipient = queries::recipient(tx, guest.broadcast, guest.to.contact).await?;
    let Some(recipient) = recipient else { return Ok(()) };
    if !recipient.is_here {
        // Who is no contact any more may come back by another file, and still wants nothing.
        consent::suppress(tx, &recipient.address, ("unsubscribed", ""), app.clock.now()).await?;
        return Ok(());
    }
    let wish = recipient.topic.map_or(Wish::Stop, Wish::Without);
    grant(app, tx, (guest, &recipient), &wish, ("one_click", from)).await?;
    Ok(())
}

/// The page for who holds a link of ours.
async fn of_guest(
    app: &App,
    tx: &mut OrgTx,
    guest: &Guest,
    (token, is_done): (String, bool),
) -> Result<Unsubscribe> {
    let recipient = queries::recipient(tx, guest.broadcast, guest.to.contact).await?;
    let (is_here, topic) =
        recipient.map_or((false, String::new()), |recipient| (recipient.is_here, recipient.topic_name));
    let preferences = if is_here { format!("/p/{token}") } else { String::new() };
    let brand = brand::known_as(app, tx).await?;
    Ok(Unsubscribe { brand, action: format!("/u/{token}"), topic, is_done, preferences })
}

/// The same page for a link that is nobody's: pressing its button does nothing.
fn strangers(token: &str, is_done: bool) -> Unsubscribe {
    let action = format!("/u/{}", form_urlencoded::byte_serialize(token.as_bytes()).collect::<String>());
    Unsubscribe { brand: nobodys(), action, topic: String::new(), is_done, preferences: String::new() }
}
