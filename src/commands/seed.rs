//! `groundswell seed`: sample data, labelled as such.

use std::process::ExitCode;

use super::{database::Database, fitness, print};
use crate::{campaigns::mailbox::PERSONAS, config::Config, sample, web::App};

pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let database = Database::join(&config).await?;
    let app = database.app(config)?;
    let done = match fitness::prepare(&database, &app).await {
        Ok(()) => sample(&app).await,
        Err(unfit) => Err(fitness::as_error(unfit)),
    };
    app.close().await;
    database.close().await;
    for line in done? {
        print::line(&line);
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the sample data unless they are there, and says who can sign in.
pub(super) async fn sample(app: &App) -> anyhow::Result<Vec<String>> {
    let mut lines = vec![format!(
        "Sample data: the workspace {} (made up). Sign in with the password {}:",
        sample::SLUG,
        sample::PASSWORD
    )];
    let people = sample::plant(app).await?.into_iter().chain(sample::plant_staff(app).await?);
    for (address, role) in people {
        lines.push(format!("  {address}  ({role})"));
    }
    lines.extend(first_campaign(|path| app.config.link(&format!("/w/{}{path}", sample::SLUG))));
    Ok(lines)
}

/// The whole way from people to a report, for whoever has half an hour.
fn first_campaign(at: impl Fn(&str) -> String) -> [String; 7] {
    let begins: Vec<&str> = PERSONAS.iter().map(|(begin, ..)| *begin).collect();
    [
        "Your first campaign, in five steps; its mail stays in the built-in mailbox:".to_owned(),
        format!("  1. Bring people in from any CSV file: {}", at("/contacts/imports/new")),
        format!("     (try addresses that begin with {})", begins.join(", ")),
        format!("  2. Write an e-mail out of blocks: {}", at("/designs/new")),
        format!(
            "  3. Say to whom and from whom, look at it as somebody, send a test: {}",
            at("/campaigns/new")
        ),
        "  4. Send it; undo that within half a minute; send it again, pause it, go on.".to_owned(),
        format!("  5. Open the mail in the mailbox, follow its links, read the report: {}", at("/campaigns")),
    ]
}
