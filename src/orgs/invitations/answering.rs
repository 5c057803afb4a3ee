//! `/invitations/{token}`: the page behind the mailed link, which proves the address it was sent to.

use axum::{
    extract::{FromRequestParts, Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use serde_json::json;

use super::{
    State as Standing,
    queries::{self, Letter},
    views::{Answer, Over, Who},
};
use crate::{
    accounts::{CurrentDevice, User, password, session::Auth, sign_in, sign_up, throttle},
    audit::{Actor, Entry},
    crypto::Token,
    email_address::EmailAddress,
    events,
    orgs::happened::MemberJoined,
    tenancy::{Mode, OrgTx, Visit, VisitorScope},
    web::{
        App, Error, FieldErrors, Form, Result, Routes, Shell, View, csrf::FormToken, error::RequestId, flash,
    },
};

pub fn routes() -> Routes {
    Routes::public().get("/invitations/{token}", show).post("/invitations/{token}", create)
}

/// Answering an invitation that one holds the link of.
struct AnswerInvitation;

impl Visit for AnswerInvitation {
    const MODE: Mode = Mode::Write;
}

/// The organization that the link leads into, entered, and the letter. Anything else is over.
async fn open(app: &App, token: &Token, actor: Actor) -> Result<(OrgTx, Letter)> {
    let org = queries::organization(&app.db, token).await?.ok_or(Error::Gone)?;
    let scope: VisitorScope<AnswerInvitation> = VisitorScope::new(app.db.clone(), org);
    let mut tx = scope.known_as(actor).enter().await?;
    let letter = queries::letter(&mut tx, token).await?.ok_or(Error::Gone)?;
    Ok((tx, letter))
}

async fn show(
    State(app): State<App>,
    auth: Auth,
    csrf: FormToken,
    Path(token): Path<String>,
) -> Result<Response> {
    let token = Token::from_visitor(&token);
    let (tx, letter) = open(&app, &token, Actor::visitor()).await?;
    drop(tx);
    let who = who(&app, auth.user.as_ref(), &letter).await?;
    Ok(page(&app, &csrf, &token, letter, who, (AnswerForm::default(), FieldErrors::default())))
}

async fn who(app: &App, user: Option<&User>, letter: &Letter) -> Result<Who> {
    Ok(match user {
        Some(user) if user.email == letter.email => Who::Invited,
        Some(user) => Who::SomebodyElse { email: user.email.clone() },
        None if sign_up::has_account(app, &letter.email).await? => Who::HasAccount,
        None => Who::Newcomer,
    })
}

/// The page that fits the letter and who has opened it, with the status that says the same.
fn page(
    app: &App,
    csrf: &FormToken,
    token: &Token,
    letter: Letter,
    who: Who,
    (form, errors): (AnswerForm, FieldErrors),
) -> Response {
    let shell = Shell::visitor(csrf.value());
    let state = letter.state(app.clock.now());
    if state != Standing::Open {
        let Letter { workspace, invited_by, .. } = letter;
        return (StatusCode::GONE, View(Over { shell, workspace, invited_by, state })).into_response();
    }
    let status = match (&who, errors.is_empty()) {
        (Who::SomebodyElse { .. }, _) => StatusCode::FORBIDDEN,
        (_, false) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let action = format!("/invitations/{}", token.as_str());
    (status, View(Answer { shell, action, letter, who, typed_name: form.name, errors })).into_response()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AnswerForm {
    name: String,
    password: String,
    #[serde(rename = "_csrf")]
    csrf: String,
}

impl AnswerForm {
    /// Name and password of somebody new, or what is wrong with them.
    fn check(&self, letter: &Letter) -> std::result::Result<(String, String), FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 200 || name.contains(char::is_control) {
            errors.add("name", "Please tell us your name, in up to 200 characters.");
        }
        if let Some(complaint) =
            password::complaint(&self.password, &[&letter.email, name, &letter.workspace])
        {
            errors.add("password", &complaint);
        }
        if errors.is_empty() { Ok((name.to_owned(), self.password.clone())) } else { Err(errors) }
    }
}

/// Whoever opens a link: signed in or not, with which browser, in which request.
#[derive(FromRequestParts)]
#[from_request(state(App))]
struct Visitor {
    auth: Auth,
    device: CurrentDevice,
    csrf: FormToken,
    request: RequestId,
}

impl Visitor {
    /// As the audit log names them; `name` is what somebody new calls themselves.
    fn actor(&self, name: &str) -> Actor {
        let actor = match &self.auth.user {
            Some(user) => Actor::person(user.id.0, &user.name),
            None => Actor::newcomer(name.trim()),
        };
        actor.at(self.device.address.0.to_string(), self.request.0.clone())
    }
}

async fn create(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(form): Form<AnswerForm>,
) -> Result<Response> {
    visitor.csrf.check(&form.csrf)?;
    let token = Token::from_visitor(&token);
    let (from, now) = (visitor.device.address, app.clock.now());
    let charged = throttle::charge_address(&app.db, throttle::INVITATION_FROM, from, now).await?;
    let (tx, letter) = open(&app, &token, visitor.actor(&form.name)).await?;
    throttle::give_back(&app.db, &charged).await?;
    let who = who(&app, visitor.auth.user.as_ref(), &letter).await?;
    let is_open = letter.state(now) == Standing::Open;
    match (&who, visitor.auth.user.clone()) {
        (Who::Invited, Some(user)) if is_open => {
            let slug = accept(&app, tx, &token, &letter, &user).await?;
            flash::say(&visitor.auth.session, &format!("Welcome to {}.", letter.workspace)).await?;
            Ok(Redirect::to(&format!("/w/{slug}")).into_response())
        }
        // Hashing a password takes a while: the transaction is not held open meanwhile.
        (Who::Newcomer, None) if is_open => {
            drop(tx);
            newcomer(&app, (&token, letter), visitor, form).await
        }
        _ => Ok(page(&app, &visitor.csrf, &token, letter, who, (form, FieldErrors::default()))),
    }
}

/// Makes the account of somebody new, whose address the link proves, and lets them in.
async fn newcomer(
    app: &App,
    (token, letter): (&Token, Letter),
    mut visitor: Visitor,
    form: AnswerForm,
) -> Result<Response> {
    let (name, chosen) = match form.check(&letter) {
        Ok(checked) => checked,
        Err(errors) => return Ok(page(app, &visitor.csrf, token, letter, Who::Newcomer, (form, errors))),
    };
    let hash = password::hash(app, &chosen).await?;
    let (mut tx, letter) = open(app, token, visitor.actor(&name)).await?;
    let email = EmailAddress::parse(&letter.email).ok_or(Error::Gone)?;
    let made = sign_up::join(tx.conn(), &email, &name, &hash, app.clock.now()).await?;
    let Some(user) = made else { return Ok(Redirect::to("/sign-in").into_response()) };
    let slug = accept(app, tx, token, &letter, &user).await?;
    let mark = sign_in::complete(app, &mut visitor.auth, &user, &visitor.device).await?;
    flash::say(&visitor.auth.session, &format!("Welcome to {}.", letter.workspace)).await?;
    Ok((CookieJar::new().add(mark), Redirect::to(&format!("/w/{slug}"))).into_response())
}

/// Uses the link up and makes the person a member, or neither. Gives where they are now.
async fn accept(app: &App, mut tx: OrgTx, token: &Token, letter: &Letter, user: &User) -> Result<String> {
    let now = app.clock.now();
    let used = queries::consume(&mut tx, token, &user.email, now).await?.ok_or(Error::Gone)?;
    if !queries::join(&mut tx, user.id, &used, now).await? {
        return Err(Error::Gone);
    }
    events::record(&mut tx, &MemberJoined { user: user.id.0, invitation: used.id }).await?;
    let joined = Entry::new("members.joined").on("user", user.id, &user.name);
    let state = json!({ "role": letter.role_name, "invitation": used.id, "invited_by": letter.invited_by });
    tx.record(joined.after(state), now).await?;
    tx.commit().await?;
    Ok(letter.slug.clone())
}
