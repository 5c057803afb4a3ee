//! Who campaigns are from: what the form accepts, adding, changing, putting away.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{SenderId, queries};
use crate::{
    audit::Entry, channels::address::Address, contacts::contact::tidy, email_address::EmailAddress,
    tenancy::OrgTx, web::FieldErrors,
};

/// A sender, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SenderForm {
    pub name: String,
    pub email: String,
    pub reply_to: String,
}

/// A sender ready to be kept.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Checked {
    pub name: String,
    pub email: String,
    pub reply_to: String,
}

impl SenderForm {
    pub(super) fn check(&self) -> Result<Checked, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = name(&self.name, &mut errors);
        let email = address(&self.email).unwrap_or_else(|| {
            errors.add("email", "Give an address such as news@example.com, in plain letters before the @.");
            String::new()
        });
        let reply_to = reply_to(&self.reply_to, &mut errors);
        errors.into_result()?;
        Ok(Checked { name, email, reply_to })
    }

    /// Of a sender that is there: its address stays.
    pub(super) fn check_change(&self, email: &str) -> Result<Checked, FieldErrors> {
        let mut errors = FieldErrors::default();
        let (name, reply_to) = (name(&self.name, &mut errors), reply_to(&self.reply_to, &mut errors));
        errors.into_result()?;
        Ok(Checked { name, email: email.to_owned(), reply_to })
    }
}

fn name(typed: &str, errors: &mut FieldErrors) -> String {
    let name = tidy(typed);
    if name.is_empty() || name.chars().count() > 120 {
        errors.add("name", "Give it a name of up to 120 characters, as people see it in their inbox.");
    }
    name
}

fn reply_to(typed: &str, errors: &mut FieldErrors) -> String {
    if typed.trim().is_empty() {
        return String::new();
    }
    address(typed).unwrap_or_else(|| {
        errors.add("reply_to", "That does not look like an e-mail address.");
        String::new()
    })
}

/// As servers read it, the domain in ASCII: what is signed for is compared with it.
fn address(typed: &str) -> Option<String> {
    let address = Address::parse(EmailAddress::parse(typed)?.as_str())?;
    Some(address.to_string()).filter(|text| !address.needs_smtputf8() && text.len() <= 254)
}

const TAKEN: &str = "There is a sender of this name and address already.";

pub(super) async fn add(
    tx: &mut OrgTx,
    checked: &Checked,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<SenderId, FieldErrors>> {
    let id = SenderId::new();
    if !queries::insert_sender(tx, id, checked, now).await? {
        return Ok(Err(FieldErrors::on("name", TAKEN)));
    }
    tx.record(Entry::new("senders.added").on("sender", id, &checked.name).after(checked), now).await?;
    Ok(Ok(id))
}

/// `None` when there is no such sender, or it was put away.
pub(super) async fn change(
    tx: &mut OrgTx,
    (id, former): (SenderId, &queries::KeptSender),
    checked: &Checked,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<(), FieldErrors>> {
    if !queries::update_sender(tx, id, checked).await? {
        return Ok(Err(FieldErrors::on("name", TAKEN)));
    }
    let before =
        Checked { name: former.name.clone(), email: former.email.clone(), reply_to: former.reply_to.clone() };
    let changed = Entry::new("senders.changed").on("sender", id, &checked.name);
    tx.record(changed.before(before).after(checked), now).await?;
    Ok(Ok(()))
}

/// Nobody can choose it any more; what was sent in its name keeps it. Gives its name.
pub(super) async fn archive(
    tx: &mut OrgTx,
    id: SenderId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    let Some(name) = queries::archive_sender(tx, id, now).await? else { return Ok(None) };
    tx.record(Entry::new("senders.archived").on("sender", id, &name), now).await?;
    Ok(Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_servers_read_it() {
        let form = |email: &str, reply_to: &str| SenderForm {
            name: " Acme\u{a0}".to_owned(),
            email: email.to_owned(),
            reply_to: reply_to.to_owned(),
        };
        let checked = form(" News@Bücher.Example ", "").check().unwrap();
        assert_eq!((checked.name.as_str(), checked.email.as_str()), ("Acme", "news@xn--bcher-kva.example"));
        for (email, reply_to, field) in [
            ("nobody", "", "email"),
            ("дом@acme.test", "", "email"),
            ("a@b.test\r\nBcc: x@y.test", "", "email"),
            ("a@b.test", "nobody", "reply_to"),
        ] {
            let errors = form(email, reply_to).check().unwrap_err();
            assert!(!errors.of(field).is_empty() && errors.all().len() == 1, "{email} {reply_to}");
        }
    }
}
