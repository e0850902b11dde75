//! `docs/reliability.md`.

use std::fmt::Write as _;

use super::{Machine, Peers, Report, Suite, TableRow};
use crate::peers::{CLIENTS, PeerRow};
use crate::soak::Soak;

/// The page of a report.
pub fn page(report: &Report) -> String {
    let mut text = HEAD.to_owned();
    if let Some(suite) = &report.suite {
        write_summary(&mut text, suite);
    }
    if let Some(soak) = &report.soak {
        write_soak(&mut text, soak);
    }
    if let (Some(suite), Some(peers)) = (&report.suite, &report.peers) {
        write_peers(&mut text, suite, peers);
    }
    if let Some(suite) = &report.suite {
        write_table(&mut text, suite);
    }
    text
}

const HEAD: &str = "\
<!-- Written by `cargo xtask reliability`; do not edit. -->

# Reliability

What goes wrong between a program and fal, what `fal-sdk` makes of it, and whether a job is paid for twice or lost.

**What was never tried: fal's own servers.** Everything here was done to `fal-mock` and to small servers of the tests on the loopback
interface of one machine, which answer as fal's documentation and its official clients say that fal does. A server that breaks its own
protocol otherwise than below is not covered.

`cargo xtask reliability` runs every row and writes this page and `reliability.json`; `cargo test --package fal-reliability` runs the
same rows and fails if one of them shows anything else than what is expected of it. Nothing on this page is written by hand.

";

const TERMS: &str = "\
- **Outcome**: `output`, or the kind of the error (`fal_sdk::ErrorKind`).
- **Submits**: the requests for paid work that the server counted: submits, runs and model streams.
- **Jobs**: the jobs and direct calls that the server carried out, whether or not the caller got a reply.
- **Duplicated**: jobs beyond those that the caller asked for.
- **Lost**: jobs of which the caller has neither the output, nor the reply as it came, nor the id, nor word that the outcome is unknown.
- **Time**: from the start of the server to the outcome, with the row's limits on time, which are shorter than the usual ones, and with
  many rows at once. It says how long giving up takes, not how fast the library is.
- In the error's words, `HOST` stands for the server's address and `ID` for a request id.
";

fn write_machine(text: &mut String, machine: &Machine) {
    let Machine {
        date,
        system,
        load,
        build,
    } = machine;
    let _ = writeln!(
        text,
        "Run on {date}; {system}; {build}; load average when it began: {load}.\n"
    );
}

/// What is summed up over rows.
type Count = fn(&TableRow) -> u64;

fn write_summary(text: &mut String, suite: &Suite) {
    text.push_str("## Summary\n\n");
    write_machine(text, &suite.machine);
    text.push_str("| | HTTP/1 | HTTP/2 | TLS (HTTP/2) |\n|---|--:|--:|--:|\n");
    let sum = |count: Count| {
        crate::setup::Transport::ALL.map(|transport| {
            let rows = suite.rows.iter();
            let rows = rows.filter(|row| row.transports.contains(&transport));
            rows.map(count).sum::<u64>()
        })
    };
    let lines: [(&str, Count); 5] = [
        ("rows", |_| 1),
        ("submits", |row| row.submits),
        ("jobs", |row| row.jobs),
        ("jobs duplicated", |row| row.duplicated),
        ("jobs lost", |row| row.lost),
    ];
    for (name, count) in lines {
        let [http1, http2, tls] = sum(count);
        let _ = writeln!(text, "| {name} | {http1} | {http2} | {tls} |");
    }
    let _ = write!(text, "\n{TERMS}\n");
}

fn write_soak(text: &mut String, soak: &Soak) {
    text.push_str("## Soak\n\n");
    let _ = writeln!(
        text,
        "Callers of every sort for {:.0} minutes ({:.0} s) over all three transports, a server that fails at random and restarts, a \
         receiver of webhooks that answers late and often refuses, and batches in processes that are killed as by `kill -9` and \
         started again. At the end the prompts of all jobs are compared with what each caller has. Seed: {}. Command: `cargo xtask \
         reliability --soak {:.0} --seed {}`.\n",
        soak.seconds / 60.0,
        soak.seconds,
        soak.seed,
        (soak.seconds / 60.0).max(1.0),
        soak.seed,
    );
    write_machine(text, &soak.machine);
    text.push_str("| What | Count |\n|---|--:|\n");
    let _ = writeln!(text, "| **jobs duplicated** | **{}** |", soak.duplicated);
    let _ = writeln!(text, "| **jobs lost** | **{}** |", soak.lost);
    for (name, count) in &soak.figures {
        let _ = writeln!(text, "| {name} | {count} |");
    }
    for line in &soak.wrong {
        let _ = writeln!(text, "\n- {}", cell(line));
    }
    text.push('\n');
}

fn write_peers(text: &mut String, suite: &Suite, peers: &Peers) {
    text.push_str("## Beside fal's official clients\n\n");
    text.push_str(
        "The same faults against the same server over TLS, with the clients' own settings. A client that was still waiting after 25 s \
         was ended. In each cell: the outcome (`output`, or the class of the error), the submits and the jobs of one call. A job \
         counts as lost by the definition above; after a `run` or a submit that failed, these clients give neither an id nor word \
         that the outcome is unknown. What they did is in `reliability.json` with the error's words.\n\n",
    );
    write_machine(text, &peers.machine);
    for line in &peers.missing {
        let _ = writeln!(text, "- {}", cell(line));
    }
    let _ = writeln!(
        text,
        "| | fal-sdk | {} |\n|---|--:|{}",
        peers.clients.join(" | "),
        "--:|".repeat(peers.clients.len())
    );
    let of_client = |key: &'static str| peers.rows.iter().filter(move |row| row.client == key);
    let clients: Vec<&str> = CLIENTS
        .iter()
        .map(|client| client.key)
        .filter(|key| of_client(key).next().is_some())
        .collect();
    let compared: Vec<&TableRow> = suite
        .rows
        .iter()
        .filter(|row| row.transports.contains(&crate::setup::Transport::Tls))
        .filter(|row| peers.rows.iter().any(|peer| peer.is_of(row)))
        .collect();
    let count = |name: &str, own: usize, of_peer: &dyn Fn(&PeerRow) -> u64| {
        let peers = clients
            .iter()
            .map(|client| of_client(client).map(of_peer).sum::<u64>().to_string());
        format!(
            "| {name} | {own} | {} |\n",
            peers.collect::<Vec<_>>().join(" | ")
        )
    };
    let sum = |of: fn(&TableRow) -> u64| compared.iter().map(|row| of(row)).sum::<u64>() as usize;
    text.push_str(&count("rows", compared.len(), &|_| 1));
    text.push_str(&count("jobs", sum(|row| row.jobs), &|row| row.jobs));
    text.push_str(&count(
        "jobs duplicated",
        sum(|row| row.duplicated),
        &|row| row.jobs.saturating_sub(1),
    ));
    text.push_str(&count("jobs lost", sum(|row| row.lost), &|row| row.lost));
    let _ = writeln!(
        text,
        "\n| Fault | Operation | fal-sdk | {} |\n|---|---|---|{}",
        peers.clients.join(" | "),
        "---|".repeat(peers.clients.len())
    );
    for row in compared {
        let cells = clients.iter().map(|client| {
            let found = of_client(client).find(|peer| peer.is_of(row));
            found.map_or("not tried".to_owned(), |peer| {
                counted(&peer.outcome, peer.submits, peer.jobs, peer.lost)
            })
        });
        let own = counted(&row.outcome, row.submits, row.jobs, row.lost);
        let _ = writeln!(
            text,
            "| {} | {} | {own} | {} |",
            row.fault,
            row.operation,
            cells.collect::<Vec<_>>().join(" | ")
        );
    }
    text.push('\n');
}

fn counted(outcome: &str, submits: u64, jobs: u64, lost: u64) -> String {
    let plural = |count: u64, one: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    };
    let mut text = format!(
        "`{outcome}`; {}, {}",
        plural(submits, "submit"),
        plural(jobs, "job")
    );
    if jobs > 1 {
        let _ = write!(text, ", **{} duplicated**", jobs - 1);
    }
    if lost > 0 {
        let _ = write!(text, ", **{lost} lost**");
    }
    text
}

fn write_table(text: &mut String, suite: &Suite) {
    let mut section = "";
    for row in &suite.rows {
        if row.section != section {
            section = &row.section;
            let _ = write!(
                text,
                "## {section}\n\n| Fault | Operation | Transport | Outcome | Submits | Jobs | Lost | Time | The error's words \
                 |\n|---|---|---|---|--:|--:|--:|--:|---|\n"
            );
        }
        let transports: Vec<&str> = row.transports.iter().map(|one| one.name()).collect();
        let transports = match transports.len() {
            3 => "all".to_owned(),
            _ => transports.join(", "),
        };
        let lost = row.lost + row.duplicated;
        let (shortest, longest) = row.seconds;
        let time = match shortest == longest {
            true => format!("{longest} s"),
            false => format!("{shortest}–{longest} s"),
        };
        let _ = writeln!(
            text,
            "| {} | {} | {transports} | `{}` | {} | {} | {lost} | {time} | {} |",
            row.fault,
            row.operation,
            row.outcome,
            row.submits,
            row.jobs,
            cell(&row.words),
        );
    }
}

/// Text in a cell of a table: one line, in which nothing is Markdown or HTML.
fn cell(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars() {
        match letter {
            '|' | '<' | '>' | '*' | '_' | '`' | '[' | ']' | '\\' => {
                shown.push('\\');
                shown.push(letter);
            }
            '\n' => shown.push_str("; "),
            letter => shown.push(letter),
        }
    }
    shown
}
