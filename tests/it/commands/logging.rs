//! EXP-2: what is logged for machines is one object a line, whatever visitors write.

use std::{
    io,
    sync::{Arc, Mutex},
};

use groundswell::commands::logging;
use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{TestApp, app::config};

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("a lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

impl Log {
    /// Every line, read as an object. Bytes that would move a terminal's cursor must not be there as such.
    fn objects(&self) -> Vec<Value> {
        let bytes = self.0.lock().expect("a lock");
        let text = std::str::from_utf8(&bytes).expect("UTF-8");
        let is_sly = |c: char| (c.is_control() && c != '\n') || "\u{2028}\u{2029}\u{202e}".contains(c);
        assert!(!text.contains(is_sly), "{text:?}");
        assert!(text.is_empty() || text.ends_with('\n'));
        let object =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        text.lines().map(object).inspect(|value: &Value| assert!(value.is_object())).collect()
    }
}

const EVIL: &[&str] = &[
    "a\nb",
    "a\r\nb",
    "\n{\"level\":\"ERROR\",\"message\":\"forged\"}\n",
    "\x1b[31mred\x1b[0m\x1b[2J",
    "\x07\x08\x0b\x0c\0\x7f",
    "\u{2028}\u{2029}\u{85}",
    "\"},{\"x\":\"",
    "\\\"\\n\\",
    "${jndi:ldap://x}",
    "\u{9b}31m",
    "\u{202e}gnp.exe",
    "😀\u{fffd}",
];

#[test]
fn a_line_is_one_object_whatever_is_in_a_field() {
    let log = Log::default();
    tracing::subscriber::with_default(logging::json(&config(&[]), log.clone()), || {
        for evil in EVIL {
            let span = tracing::info_span!("request", path = %evil, agent = ?evil, raw = evil);
            let _inside = span.enter();
            tracing::warn!(path = %evil, agent = ?evil, raw = evil, error = %anyhow::anyhow!("{evil}"), "Heard {evil}");
        }
    });

    let objects = log.objects();

    assert_eq!(objects.len(), EVIL.len());
    for (object, evil) in objects.iter().zip(EVIL) {
        assert_eq!(
            (object["level"].as_str(), object["message"].as_str()),
            (Some("WARN"), Some(format!("Heard {evil}").as_str()))
        );
        assert_eq!((object["path"].as_str(), object["raw"].as_str()), (Some(*evil), Some(*evil)));
        assert_eq!(object["span"]["path"].as_str(), Some(*evil));
    }
}

#[tokio::test]
async fn a_request_writes_whole_lines_whatever_it_brings() {
    let app = TestApp::new().await;
    let log = Log::default();
    let quiet = logging::json(&config(&["--log", "trace"]), log.clone());
    let _logging = tracing::subscriber::set_default(quiet);

    for path in [
        "/%0a%1b[31m",
        "/w/a%0d%0ab%00/people",
        "/sign-in?next=%0a{%22level%22:%22ERROR%22}",
        "/%e2%80%a8%c2%85",
    ] {
        for agent in ["x\ty", "{\"level\":\"ERROR\"}", "\u{9b}31m\u{85}", "${jndi:ldap://x}"] {
            let mut visitor =
                app.visitor().with_header("user-agent", agent).with_header("x-request-id", agent);
            visitor.get(path).await;
        }
    }

    let objects = log.objects();
    assert!(
        objects.iter().filter(|object| object["span"]["name"] == "request").count() >= 16,
        "{}",
        objects.len()
    );
    assert!(objects.iter().all(|object| object["level"] != "ERROR"), "nothing failed");
}
