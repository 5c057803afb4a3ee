//! Twenty times `kill -9` at a random moment, each followed by a start: what was acknowledged is there.
//!
//! `GROUNDSWELL_TEST_SEED` repeats a run that failed; its message names the seed.

use std::{
    collections::BTreeSet,
    fmt::Write,
    sync::mpsc::RecvTimeoutError,
    time::{Duration, Instant},
};

use super::{
    program::Program,
    workplace::{Workplace, kill},
};

const KILLS: usize = 20;

/// What the program said it had committed, held against what it finds after each start.
#[derive(Default)]
struct Ledger {
    acknowledged: BTreeSet<u64>,
    kept: BTreeSet<u64>,
    is_ready: bool,
    complete: u32,
    story: String,
}

impl Ledger {
    fn begin(&mut self) {
        self.kept.clear();
        self.is_ready = false;
    }

    fn hear(&mut self, line: &str) {
        if let Some(n) = line.strip_prefix("kept ") {
            self.kept.insert(n.parse().unwrap());
        } else if let Some(n) = line.strip_prefix("acknowledged ") {
            self.acknowledged.insert(n.parse().unwrap());
        } else if line == "ready" {
            let lost: Vec<_> = self.acknowledged.difference(&self.kept).collect();
            assert!(lost.is_empty(), "lost {lost:?}; {}", self.story);
            self.is_ready = true;
            self.complete += 1;
        } else {
            // A program that is killed says no last words; what it does say is an error.
            writeln!(self.story, "it said: {line}").unwrap();
        }
    }
}

#[test]
fn nothing_that_was_acknowledged_is_lost_by_twenty_kills() {
    let place = Workplace::new();
    let mut random = Random::new();
    let mut ledger = Ledger { story: format!("seed {}\n", random.seed), ..Ledger::default() };
    for _ in 0..KILLS {
        let program = Program::start(&place.root());
        // Every third in the middle of a start, the others among rows that are being written.
        let moment = if random.below(3) == 0 {
            Moment::After(Duration::from_millis(random.below(300)))
        } else {
            Moment::Rows(ledger.acknowledged.len() + usize::try_from(random.below(200)).unwrap())
        };
        ledger.begin();
        listen(&program, &mut ledger, moment);
        let with_server = random.below(2) == 0;
        writeln!(ledger.story, "killed at {moment:?}, with the server: {with_server}").unwrap();
        if let Some(server) = place.postmaster().filter(|_| with_server) {
            // Either may die first.
            let order = if random.below(2) == 0 { [server, program.pid()] } else { [program.pid(), server] };
            order.into_iter().for_each(kill);
        }
        program.kill().iter().for_each(|line| ledger.hear(line));
    }
    let program = Program::start(&place.root());
    ledger.begin();
    let one_more = Moment::Rows(ledger.acknowledged.len() + 1);
    listen(&program, &mut ledger, one_more);
    program.kill();

    let (rows, starts) = (ledger.acknowledged.len(), ledger.complete);
    assert!(rows > 100, "only {rows} rows; {}", ledger.story);
    assert!(starts > 5, "only {starts} starts came so far as to be checked; {}", ledger.story);
    eprintln!("{rows} rows acknowledged and kept, {starts} starts checked; seed {}", random.seed);
}

#[derive(Clone, Copy, Debug)]
enum Moment {
    After(Duration),
    /// When so many rows are acknowledged in all.
    Rows(usize),
}

fn listen(program: &Program, ledger: &mut Ledger, moment: Moment) {
    let begun = Instant::now();
    let patience = if let Moment::After(time) = moment { time } else { Duration::from_secs(60) };
    while !matches!(moment, Moment::Rows(rows) if ledger.acknowledged.len() >= rows && ledger.is_ready) {
        match program.lines.recv_timeout(patience.saturating_sub(begun.elapsed())) {
            Ok(line) => ledger.hear(&line),
            Err(RecvTimeoutError::Timeout) if matches!(moment, Moment::After(_)) => return,
            Err(error) => panic!("{error}, waiting for {moment:?}; {}", ledger.story),
        }
    }
}

/// SplitMix64: enough to be random, little enough to be repeated.
struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    #[expect(clippy::disallowed_methods, reason = "a test is repeated by its seed")]
    fn new() -> Self {
        let given = std::env::var("GROUNDSWELL_TEST_SEED").ok().map(|seed| seed.parse().unwrap());
        let seed = given.unwrap_or_else(|| getrandom::u64().unwrap());
        Self { seed, state: seed }
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
