//! The chart: a panel for each question, a bar for each caller.

use super::report::{Column, Report, Section, three_digits};
use std::fmt::Write as _;

const WIDTH: f64 = 860.0;
const NAMES: f64 = 250.0;
const VALUES: f64 = 90.0;
const BAR: f64 = 16.0;
const STEP: f64 = 22.0;
const HEAD: f64 = 34.0;
const GAP: f64 = 18.0;

/// What is drawn: the start of a section's title, and the figure.
const PANELS: [(&str, &str); 7] = [
    ("Direct runs, one", "cpu_us"),
    ("Direct runs, 64", "cpu_us"),
    ("From a job's end", "notice_ms"),
    ("From a job's end", "requests"),
    ("1,000 jobs", "peak_mib"),
    ("Upload", "mib_per_second"),
    ("Generating", "ms_each"),
];

/// The report as SVG, which follows the reader's light or dark ground.
pub fn draw(report: &Report) -> String {
    let mut body = String::new();
    let mut top = GAP;
    for (title, key) in PANELS {
        let section = report
            .sections
            .iter()
            .find(|section| section.title.starts_with(title));
        let column =
            section.and_then(|section| section.columns.iter().find(|column| column.key == key));
        if let (Some(section), Some(column)) = (section, column) {
            top = panel(&mut body, top, section, column) + GAP;
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top}\" width=\"{WIDTH}\" height=\"{top}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<style>\n\
         text {{ fill: #1f2328 }} .ours {{ fill: #0a7d5a }} .theirs {{ fill: #8c959f }} .about {{ fill: #59636e }}\n\
         @media (prefers-color-scheme: dark) {{ text {{ fill: #e6edf3 }} .ours {{ fill: #2fbf8f }} .theirs {{ fill: #6e7681 }} \
         .about {{ fill: #9198a1 }} }}\n</style>\n{body}</svg>\n"
    )
}

/// Draws a panel and returns the height at which it ends. Bars grow with the logarithm: the span is a thousandfold.
fn panel(body: &mut String, top: f64, section: &Section, column: &Column) -> f64 {
    let bars: Vec<(&str, f64)> = section
        .rows
        .iter()
        .filter_map(|row| Some((row.caller.as_str(), row.median(column.key)?)))
        .collect();
    let least = bars.iter().map(|bar| bar.1).fold(f64::INFINITY, f64::min);
    let most = bars.iter().map(|bar| bar.1).fold(0.0, f64::max);
    let _ = writeln!(
        body,
        "<text x=\"0\" y=\"{}\" font-weight=\"600\">{}: {} <tspan class=\"about\" font-weight=\"400\">(logarithmic)</tspan></text>",
        top + 14.0,
        escaped(&section.title),
        escaped(column.label)
    );
    let mut y = top + HEAD - 10.0;
    for (caller, figure) in bars {
        let length = length(figure, least, most);
        let class = if caller.starts_with("fal-") {
            "ours"
        } else {
            "theirs"
        };
        let text = y + BAR - 4.0;
        let _ = writeln!(
            body,
            "<text x=\"0\" y=\"{text}\">{}</text><rect class=\"{class}\" x=\"{NAMES}\" y=\"{y}\" width=\"{length:.1}\" height=\"{BAR}\" rx=\"2\"/>\
             <text x=\"{:.1}\" y=\"{text}\">{}</text>",
            escaped(caller),
            NAMES + length + 8.0,
            three_digits(figure)
        );
        y += STEP;
    }
    y
}

/// The length of a bar: a tenth of the width for the smallest figure, all of it for the largest.
fn length(figure: f64, least: f64, most: f64) -> f64 {
    let room = WIDTH - NAMES - VALUES;
    let least = least.max(1e-3);
    let span = (most / least).ln().max(1e-9);
    let share = ((figure.max(least) / least).ln() / span).clamp(0.0, 1.0);
    room * (0.1 + 0.9 * share)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::report::Row;
    use serde_json::json;

    #[test]
    fn bars_grow_with_their_figures_and_words_are_escaped() {
        let cpu = Column {
            key: "cpu_us",
            label: "CPU",
        };
        let row = |caller: &str, figure: u32| {
            let mut row = Row::new(caller, None);
            row.rounds = json!({ "cpu_us": figure })
                .as_object()
                .cloned()
                .into_iter()
                .collect();
            row
        };
        let rows = vec![row("fal-sdk", 100), row("<peer>", 10_000)];
        let section = Section::new("Direct runs, one", "", &[cpu], rows);
        let mut report = Report::new(Vec::new(), true, Vec::new());
        report.sections.push(section);
        let drawn = draw(&report);
        assert!(
            drawn.contains("&lt;peer&gt;") && !drawn.contains("<peer>"),
            "{drawn}"
        );
        assert!(
            drawn.contains("class=\"ours\"") && drawn.contains(">10,000</text>"),
            "{drawn}"
        );
        assert!(length(100.0, 100.0, 10_000.0) < length(1_000.0, 100.0, 10_000.0));
        assert!(length(10_000.0, 100.0, 10_000.0) <= WIDTH - NAMES - VALUES + 0.01);
    }
}
