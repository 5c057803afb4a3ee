//! Flags and environment as somebody types them, through the binary.

use std::{collections::BTreeMap, process::Command};

use clap::CommandFactory;
use groundswell::commands::cli::Cli;

/// The binary with nothing in its environment but what a test gives it.
fn groundswell(args: &[&str], env: &[(&str, &str)]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundswell"));
    let done = command.args(args).env_clear().envs(env.iter().copied()).output().expect("the binary runs");
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    (done.status.code().expect("it ended by itself"), said)
}

#[test]
fn every_wrong_setting_is_named_at_once() {
    let wrong = [
        ("GROUNDSWELL_LISTEN", "here"),
        ("GROUNDSWELL_BASE_URL", "https://x.test/path"),
        ("GROUNDSWELL_DATA_DIR", " "),
        ("DATABASE_URL", "mysql:oops"),
        ("DATABASE_OWNER_URL", "::"),
        ("GROUNDSWELL_DATABASE_POOL", "0"),
        ("GROUNDSWELL_SECRET_KEY", "short"),
        ("GROUNDSWELL_OLD_SECRET_KEYS", "short, shorter"),
        ("GROUNDSWELL_SMTP_URL", "mail.example.com"),
        ("GROUNDSWELL_MAIL_FROM", "nobody"),
        ("GROUNDSWELL_TRUSTED_PROXIES", "10.0.0.0/8, proxy"),
        ("GROUNDSWELL_ALLOWED_PRIVATE_HOSTS", "ollama, http://ollama:11434, 10.0.0.0/8"),
        ("GROUNDSWELL_METRICS_LISTEN", "9464"),
        ("GROUNDSWELL_BOUNCE_LISTEN", "25"),
        ("GROUNDSWELL_BOUNCE_DOMAIN", "localhost"),
        ("GROUNDSWELL_SIGN_UP", "maybe"),
        ("GROUNDSWELL_TRACKING", "slow"),
        ("GROUNDSWELL_LOG", "a=b=c"),
        ("GROUNDSWELL_LOG_FORMAT", "xml"),
        ("GROUNDSWELL_DEV", "flase"),
    ];

    let (code, said) = groundswell(&["routes"], &wrong);

    assert_eq!(code, 2, "{said}");
    for (name, _) in wrong {
        assert_eq!(
            said.lines().filter(|line| line.starts_with(&format!("- {name} is "))).count(),
            1,
            "{name}:\n{said}"
        );
    }
}

#[test]
fn a_secret_that_is_wrong_is_named_and_not_shown() {
    let secrets = [
        ("DATABASE_URL", "mysql://app:hunter2@db.test"),
        ("GROUNDSWELL_SMTP_URL", "gopher://app:hunter2@mail.test"),
        ("GROUNDSWELL_SECRET_KEY", "hunter2"),
        ("GROUNDSWELL_OLD_SECRET_KEYS", "hunter2,hunter2"),
    ];

    let (code, said) = groundswell(&["routes"], &secrets);

    assert_eq!(code, 2, "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn mail_comes_back_with_both_settings_or_not_at_all() {
    for (given, missing) in [
        (("GROUNDSWELL_BOUNCE_LISTEN", "127.0.0.1:2525"), "GROUNDSWELL_BOUNCE_DOMAIN"),
        (("GROUNDSWELL_BOUNCE_DOMAIN", "bounces.acme.test"), "GROUNDSWELL_BOUNCE_LISTEN"),
    ] {
        let (code, said) = groundswell(&["routes"], &[given]);
        assert!(code == 2 && said.contains(&format!("- {missing} is empty, but {}", given.0)), "{said}");
    }
}

#[test]
fn the_example_lists_every_setting_with_its_default() {
    let command = Cli::command();
    let known: BTreeMap<String, String> = command
        .get_arguments()
        .filter_map(|arg| {
            let name = arg.get_env()?.to_str()?.to_owned();
            let default = arg
                .get_default_values()
                .first()
                .map_or_else(String::new, |value| value.to_string_lossy().into());
            Some((name, default))
        })
        .collect();

    let example = include_str!("../../../.env.example").lines().filter(|line| !line.starts_with('#'));
    let listed: BTreeMap<String, String> = example
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.into(), value.into()))
        .collect();

    assert_eq!(listed, known);
}

#[test]
fn help_names_every_command_and_every_setting() {
    let (code, said) = groundswell(&["help"], &[]);

    assert_eq!(code, 0);
    for command in [
        "serve",
        "work",
        "migrate",
        "seed",
        "doctor",
        "create-owner",
        "grant-platform-admin",
        "delete-organization",
        "verify-isolation",
        "secrets",
        "audit",
        "erasures",
        "routes",
        "bench",
    ] {
        assert!(said.contains(&format!("\n  {command} ")), "{command} is missing in:\n{said}");
    }
    for arg in Cli::command().get_arguments().filter_map(|arg| arg.get_env()?.to_str()) {
        assert!(said.contains(arg), "{arg} is missing in:\n{said}");
    }
}

#[test]
fn routes_are_listed_from_the_router_and_those_for_development_only_there() {
    let (code, usual) = groundswell(&["routes", "--json"], &[]);
    let (_, development) = groundswell(&["routes", "--json", "--dev"], &[]);

    let doors: serde_json::Value = serde_json::from_str(&usual).expect("JSON");
    assert_eq!(code, 0);
    assert!(
        doors
            .as_array()
            .expect("a list")
            .iter()
            .any(|door| door["path"] == "/readyz" && door["method"] == "GET")
    );
    assert!(!usual.contains("/dev/"));
    assert!(development.contains("/dev/mailbox"));
}
