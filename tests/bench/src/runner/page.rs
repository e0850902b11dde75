//! `docs/benchmarks.md`.

use super::report::{Report, Section};
use std::fmt::Write as _;

/// The page: how it was measured, the chart, every table.
pub fn write(report: &Report) -> String {
    let command = match report.quick {
        true => "cargo xtask bench --quick",
        false => "cargo xtask bench",
    };
    let mut text = format!(
        "<!-- Written by `{command}`; do not edit. -->\n\n# Benchmarks\n\n\
         Measured against `fal-mock` on one machine, callers in turn, every one a process of its own. Figures are medians of the \
         rounds; `benchmarks.json` has each. Ratios are taken round by round, the least and the greatest of four in five rounds in \
         brackets; where these are more than half apart, the ratio is unsteady and has no median. Read \
         ratios rather than times: other programs may have had the machine too, and both sides of a ratio met the same noise. Goals \
         stand below the tables, met or missed. To measure again: `{command}`.\n\n"
    );
    for line in &report.machine {
        let _ = writeln!(text, "- {line}");
    }
    text += "\n![The figures that follow, as bars](benchmarks.svg)\n";
    for section in &report.sections {
        text += &table(section);
    }
    text += "\n## How to read them\n\n";
    text += HOW;
    for line in &report.missing {
        let _ = writeln!(text, "- {}", plain(line));
    }
    text
}

const HOW: &str = "\
- The server is a process of its own with `record_limit(0)`: what it does is in nobody's processor time, but takes the machine's cores.
- Processor time and memory are the caller's own, as the system counts them. Rows without them are on systems that do not tell, or of curl.
- \"TLS\" rows speak HTTPS to the same port; `reqwest` and `fal-sdk` come to HTTP/2 there, as they do on fal.
- Python's calls at once are the synchronous client's on threads, which cost less than its asynchronous client does.
- The crate `fal` is used as its documentation shows, a `FalRequest` for each call. Its hosts are fixed in its source, so it reaches the \
server through a CONNECT proxy in another process.
- A row that says it was not done in time was ended after 150 s.
";

fn table(section: &Section) -> String {
    let cells = section.cells();
    let mut text = format!("\n## {}\n\n{}\n\n", section.title, section.about);
    for (at, row) in cells.iter().enumerate() {
        let _ = writeln!(text, "| {} |", row.join(" | "));
        if at == 0 {
            let _ = writeln!(text, "|---|{}", "--:|".repeat(row.len() - 1));
        }
    }
    let failures: Vec<String> = section.remarks().collect();
    if !failures.is_empty() {
        text.push('\n');
    }
    for failure in failures {
        let _ = writeln!(text, "- {}", plain(&failure));
    }
    text
}

/// The text of another program, without Markdown.
fn plain(words: &str) -> String {
    words.replace(['<', '>', '`', '|'], " ")
}
