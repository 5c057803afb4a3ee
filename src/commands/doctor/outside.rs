//! The mail server, and the address people type.

use secrecy::ExposeSecret;

use super::Finding;
use crate::{config::Config, mail::transport::Transport};

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let mut findings = address(config);
    findings.extend(mail(config).await);
    findings
}

fn address(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_local = matches!(config.host(), "localhost" | "127.0.0.1" | "[::1]");
    if config.is_https() {
        findings.push(Finding::Good(format!("People come by {}.", config.base_url)));
        if config.trusted_proxies.is_empty() {
            findings.push(Finding::Note(
                "GROUNDSWELL_TRUSTED_PROXIES is empty: if a proxy adds https, everybody seems to come from its \
                 address, and limits on guessing count them as one."
                    .to_owned(),
            ));
        }
    } else if is_local {
        findings.push(Finding::Good(format!("People come by {}, from this machine alone.", config.base_url)));
    } else {
        findings.push(Finding::Wrong(format!(
            "People come by {}, which is not encrypted: passwords can be read on the way. Put a proxy with https \
             in front and set GROUNDSWELL_BASE_URL.",
            config.base_url
        )));
    }
    if config.dev && (config.is_https() || !is_local || !config.listen.ip().is_loopback()) {
        findings.push(Finding::Wrong(
            "GROUNDSWELL_DEV is on where others can come: the built-in mailbox shows them links that sign in. \
             Turn it off."
                .to_owned(),
        ));
    }
    findings
}

async fn mail(config: &Config) -> Vec<Finding> {
    let Some(url) = &config.smtp_url else {
        let told = "No mail server is configured: confirmations and resets stay in the built-in mailbox, which is \
                    shown in development only. Set GROUNDSWELL_SMTP_URL.";
        return vec![if config.dev {
            Finding::Note(told.to_owned())
        } else {
            Finding::Wrong(told.to_owned())
        }];
    };
    let mut findings = Vec::new();
    let greeted = match Transport::new(url) {
        Ok(transport) => transport.greet().await,
        Err(error) => Err(error.to_string()),
    };
    findings.push(match greeted {
        Ok(()) => Finding::Good("The mail server answers.".to_owned()),
        Err(why) => Finding::Wrong(format!(
            "The mail server cannot be used: {why}. Check host, port, user and password in GROUNDSWELL_SMTP_URL."
        )),
    });
    let typed = url.expose_secret();
    if typed.starts_with("smtp://") && typed.contains('@') && !typed.contains("tls=required") {
        findings.push(Finding::Wrong(
            "GROUNDSWELL_SMTP_URL sends a password that can be read on the way. Use smtps://, or add ?tls=required."
                .to_owned(),
        ));
    }
    if config.mail_from.email.domain().ends_with("localdomain") {
        findings.push(Finding::Wrong(
            "GROUNDSWELL_MAIL_FROM has no domain of yours, so mail servers will refuse what is sent. Set it to a \
             sender that your mail server may use."
                .to_owned(),
        ));
    }
    findings
}
