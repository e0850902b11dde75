//! What the page says, as data: `docs/reliability.json`.

mod page;

use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::peers::PeerRow;
use crate::setup::Transport;
use crate::soak::Soak;
use crate::suite::Line;

pub use page::page;

/// The name of the page in its folder.
pub const PAGE: &str = "reliability.md";

/// The name of its figures.
pub const FIGURES: &str = "reliability.json";

/// The machine, and when it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The date and time at which the run began.
    pub date: String,
    /// The system and its cores.
    pub system: String,
    /// How many processes wanted to run when it began, over 1, 5 and 15 minutes.
    pub load: String,
    /// How the programs were built.
    pub build: String,
}

impl Machine {
    /// This machine, now.
    pub fn describe() -> Self {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load: Vec<&str> = load.split(' ').take(3).collect();
        let profile = match cfg!(debug_assertions) {
            true => "debug",
            false => "release",
        };
        Self {
            date: httpdate::fmt_http_date(SystemTime::now()),
            system: format!(
                "{} {}, {cores} cores",
                std::env::consts::OS,
                std::env::consts::ARCH
            ),
            load: match load.is_empty() {
                true => "not known".to_owned(),
                false => load.join(", "),
            },
            build: format!("{profile} build"),
        }
    }
}

/// Everything that the page says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The fault table.
    pub suite: Option<Suite>,
    /// fal's own clients on the same faults.
    pub peers: Option<Peers>,
    /// The last soak.
    pub soak: Option<Soak>,
}

/// The fault table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suite {
    /// Where and when.
    pub machine: Machine,
    /// The rows, those alike over several transports as one.
    pub rows: Vec<TableRow>,
}

/// fal's own clients on the same faults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Peers {
    /// Where and when.
    pub machine: Machine,
    /// The clients with their versions.
    pub clients: Vec<String>,
    /// Those that could not be run, and why.
    pub missing: Vec<String>,
    /// What they did.
    pub rows: Vec<PeerRow>,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableRow {
    /// The part of the table.
    pub section: String,
    /// The fault.
    pub fault: String,
    /// What met it.
    pub operation: String,
    /// The transports over which the same was seen.
    pub transports: Vec<Transport>,
    /// `output`, or the kind of the error.
    pub outcome: String,
    /// Requests for paid work that the server counted.
    pub submits: u64,
    /// Jobs that it made.
    pub jobs: u64,
    /// Jobs that nobody asked for.
    pub duplicated: u64,
    /// Jobs of which the caller has nothing.
    pub lost: u64,
    /// The shortest and the longest time that it took.
    pub seconds: (f64, f64),
    /// The error's words.
    pub words: String,
}

impl TableRow {
    fn of(line: &Line) -> Self {
        let seen = line.seen.clone();
        Self {
            section: line.section.to_owned(),
            fault: line.fault.clone(),
            operation: line.operation.to_owned(),
            transports: vec![line.transport],
            outcome: seen.outcome,
            submits: seen.submits,
            jobs: seen.jobs,
            duplicated: seen.duplicated,
            lost: seen.lost,
            seconds: (round(seen.seconds), round(seen.seconds)),
            words: seen.words,
        }
    }

    /// Takes another row in, if all but its transport and its time is the same.
    fn absorb(&mut self, other: &Self) -> bool {
        let alike = Self {
            transports: other.transports.clone(),
            seconds: other.seconds,
            ..self.clone()
        };
        if alike != *other {
            return false;
        }
        self.transports.extend(&other.transports);
        self.seconds.0 = self.seconds.0.min(other.seconds.0);
        self.seconds.1 = self.seconds.1.max(other.seconds.1);
        true
    }

    /// The row without what another run may show differently: times, and words in
    /// which a system or a race has a say.
    fn settled(&self, transport: Transport) -> String {
        let Self {
            section,
            fault,
            operation,
            outcome,
            submits,
            jobs,
            duplicated,
            lost,
            ..
        } = self;
        format!(
            "{section}: {fault} × {operation}, {}: {outcome}, {submits} submits, {jobs} jobs, {duplicated} duplicated, {lost} lost",
            transport.name()
        )
    }
}

fn round(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}

impl Suite {
    /// The table of these lines, which come in the order of their transports.
    pub fn of(machine: Machine, lines: &[Line]) -> Self {
        let mut rows: Vec<TableRow> = Vec::new();
        for line in lines {
            let row = TableRow::of(line);
            let is_same = |one: &TableRow| {
                (&one.section, &one.fault, &one.operation)
                    == (&row.section, &row.fault, &row.operation)
            };
            let mut same = rows.iter_mut().filter(|one| is_same(one));
            if same.any(|one| one.absorb(&row)) {
                continue;
            }
            // A row that only this transport has stands at the end of its section.
            let last = rows
                .iter()
                .rposition(is_same)
                .or_else(|| rows.iter().rposition(|one| one.section == row.section));
            let place = last.map_or(rows.len(), |last| last + 1);
            rows.insert(place, row);
        }
        Self { machine, rows }
    }

    /// How another run of the suite differs from this one: a line for each row that
    /// only one of them has.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let (mine, others) = (self.settled(), other.settled());
        let gone = mine.iter().filter(|row| !others.contains(row));
        let new = others.iter().filter(|row| !mine.contains(row));
        let gone = gone.map(|row| format!("- {row}"));
        gone.chain(new.map(|row| format!("+ {row}"))).collect()
    }

    fn settled(&self) -> Vec<String> {
        let rows = self.rows.iter();
        let rows = rows.flat_map(|row| row.transports.iter().map(|one| row.settled(*one)));
        rows.collect()
    }
}

impl Report {
    /// Reads the figures of a folder; there may be none yet.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is not what this program writes.
    pub fn read(folder: &Path) -> io::Result<Self> {
        match fs::read(folder.join(FIGURES)) {
            Ok(text) => Ok(serde_json::from_slice(&text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes the figures and the page.
    ///
    /// # Errors
    ///
    /// If a file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join(FIGURES), self.to_json()?)?;
        fs::write(folder.join(PAGE), page(self))
    }

    /// The figures as JSON: a line for each row.
    ///
    /// # Errors
    ///
    /// None is known: all of it is JSON.
    pub fn to_json(&self) -> io::Result<String> {
        let text = serde_json::to_string(self)?;
        let text = text.replace("{\"section\"", "\n{\"section\"");
        let text = text.replace("{\"client\"", "\n{\"client\"");
        let text = text.replace(",\"peers\":", ",\n\"peers\":");
        Ok(text.replace(",\"soak\":", ",\n\"soak\":") + "\n")
    }
}
