//! The chart: a panel for each question, a bar for each caller. Bars are proportional to their figures, and each says how many
//! times that of fal-sdk it is.

use super::report::three_digits;
use serde_json::Value;
use std::fmt::Write as _;

const LEAST_WIDTH: f64 = 860.0;
const BARS: f64 = 420.0;
const BAR: f64 = 16.0;
const STEP: f64 = 22.0;
const HEAD: f64 = 34.0;
const GAP: f64 = 18.0;
/// The width of a letter, on average, and the space between texts and bars. Fonts differ, so this is rather much.
const LETTER: f64 = 7.6;
const SPACE: f64 = 8.0;

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

/// A caller's bar.
#[derive(Debug)]
struct Bar {
    caller: String,
    figure: f64,
    /// The figure, and how many times that of fal-sdk it is.
    label: String,
}

#[derive(Debug)]
struct Panel {
    title: String,
    bars: Vec<Bar>,
}

/// The report, as it is in benchmarks.json, as SVG, which follows the reader's light or dark ground.
pub fn draw(report: &Value) -> String {
    let panels: Vec<Panel> = PANELS
        .into_iter()
        .filter_map(|(title, key)| Panel::of(report, title, key))
        .collect();
    let bars = || panels.iter().flat_map(|panel| &panel.bars);
    let names = widest(bars().map(|bar| bar.caller.as_str())) + SPACE;
    let values = widest(bars().map(|bar| bar.label.as_str())) + SPACE;
    let titles = widest(panels.iter().map(|panel| panel.title.as_str()));
    let width = (names + BARS + values).max(titles).max(LEAST_WIDTH).ceil();
    let mut body = String::new();
    let mut top = GAP;
    for panel in &panels {
        top = panel.draw(&mut body, top, names) + GAP;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {top}\" width=\"{width}\" height=\"{top}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<style>\n\
         text {{ fill: #1f2328 }} .ours {{ fill: #0a7d5a }} .theirs {{ fill: #8c959f }}\n\
         @media (prefers-color-scheme: dark) {{ text {{ fill: #e6edf3 }} .ours {{ fill: #2fbf8f }} .theirs {{ fill: #6e7681 }} \
         }}\n</style>\n{body}</svg>\n"
    )
}

/// The width of the widest text.
fn widest<'t>(texts: impl Iterator<Item = &'t str>) -> f64 {
    let letters = texts.map(|text| text.chars().count()).max();
    letters.unwrap_or(0) as f64 * LETTER
}

impl Panel {
    /// The panel of the section whose title begins so; `None` if it was not measured.
    fn of(report: &Value, title: &str, key: &str) -> Option<Self> {
        let of_section = |section: &&Value| {
            let known = section["title"].as_str();
            known.is_some_and(|known| known.starts_with(title))
        };
        let section = report["sections"].as_array()?.iter().find(of_section)?;
        let columns = section["columns"].as_array()?;
        let column = columns.iter().find(|column| column["key"] == key)?;
        let figures: Vec<(&str, f64)> = section["rows"]
            .as_array()?
            .iter()
            .filter_map(|row| Some((row["caller"].as_str()?, row["medians"][key].as_f64()?)))
            .collect();
        let ours = figures.iter().find(|(caller, _)| is_ours(caller));
        let ours = ours
            .map(|(_, figure)| *figure)
            .filter(|figure| *figure > 0.0);
        let bar = |(caller, figure): (&str, f64)| Bar {
            caller: caller.to_owned(),
            figure,
            label: match ours {
                Some(ours) => format!(
                    "{} ({}×)",
                    three_digits(figure),
                    three_digits(figure / ours)
                ),
                None => three_digits(figure),
            },
        };
        Some(Self {
            title: format!(
                "{}: {} (in brackets: how many times the first green bar)",
                section["title"].as_str()?,
                column["label"].as_str()?
            ),
            bars: figures.into_iter().map(bar).collect(),
        })
    }

    /// Draws the panel and returns the height at which it ends.
    fn draw(&self, body: &mut String, top: f64, names: f64) -> f64 {
        let most = self.bars.iter().map(|bar| bar.figure).fold(0.0, f64::max);
        let _ = writeln!(
            body,
            "<text x=\"0\" y=\"{}\" font-weight=\"600\">{}</text>",
            top + 14.0,
            escaped(&self.title)
        );
        let mut y = top + HEAD - 10.0;
        for bar in &self.bars {
            let length = length(bar.figure, most);
            let class = if is_ours(&bar.caller) {
                "ours"
            } else {
                "theirs"
            };
            let text = y + BAR - 4.0;
            let _ = writeln!(
                body,
                "<text x=\"0\" y=\"{text}\">{}</text><rect class=\"{class}\" x=\"{names:.1}\" y=\"{y}\" width=\"{length:.1}\" height=\"{BAR}\"/>\
                 <text x=\"{:.1}\" y=\"{text}\">{}</text>",
                escaped(&bar.caller),
                names + length + SPACE,
                escaped(&bar.label)
            );
            y += STEP;
        }
        y
    }
}

fn is_ours(caller: &str) -> bool {
    caller.starts_with("fal-")
}

/// The length of a bar, in proportion to its figure. The smallest is still seen.
fn length(figure: f64, most: f64) -> f64 {
    let share = figure / most.max(f64::MIN_POSITIVE);
    (BARS * share.clamp(0.0, 1.0)).max(1.0)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::{fs, path::Path};

    fn report() -> Value {
        json!({ "sections": [{
            "title": "Direct runs, one after the other",
            "columns": [{ "key": "cpu_us", "label": "CPU" }],
            "rows": [
                { "caller": "fal-sdk", "medians": { "cpu_us": 100 } },
                { "caller": "<peer> with a very long name, over TLS and HTTP/2, streaming", "medians": { "cpu_us": 10_000 } },
                { "caller": "not measured", "medians": {} },
            ],
        }] })
    }

    #[test]
    fn bars_are_proportional_and_words_are_escaped() {
        let drawn = draw(&report());
        assert!(
            drawn.contains("&lt;peer&gt;") && !drawn.contains("<peer>"),
            "{drawn}"
        );
        assert!(
            drawn.contains("class=\"ours\"") && drawn.contains(">10,000 (100×)</text>"),
            "{drawn}"
        );
        assert!(!drawn.contains("not measured"), "{drawn}");
        assert!((length(2_500.0, 10_000.0) - BARS / 4.0).abs() < 1e-9);
        assert!((length(10_000.0, 10_000.0) - BARS).abs() < 1e-9);
        assert!((length(0.0, 0.0) - 1.0).abs() < 1e-9);
    }

    /// The beginning of each text, and how wide it is at most.
    #[test]
    fn no_text_is_cut_off() {
        let committed = fs::read_to_string(docs().join("benchmarks.json")).unwrap();
        for report in [report(), serde_json::from_str(&committed).unwrap()] {
            let drawn = draw(&report);
            let number = |text: &str, name: &str| -> f64 {
                let (_, rest) = text.split_once(&format!("{name}=\"")).unwrap();
                rest.split('"').next().unwrap().parse().unwrap()
            };
            let width = number(&drawn, " width");
            let mut texts = 0;
            for text in drawn.split("<text ").skip(1) {
                let (_, words) = text.split_once('>').unwrap();
                let (words, _) = words.split_once("</text>").unwrap();
                let end = number(text, "x") + words.chars().count() as f64 * 7.0;
                assert!(end <= width, "{words} ends at {end} of {width}");
                texts += 1;
            }
            assert!(texts >= 5, "{texts}");
        }
    }

    /// `UPDATE=1 cargo test -p fal-bench --features endpoints chart` draws it again.
    #[test]
    fn the_committed_chart_is_that_of_the_committed_figures() {
        let figures = fs::read_to_string(docs().join("benchmarks.json")).unwrap();
        let drawn = draw(&serde_json::from_str(&figures).unwrap());
        let chart = docs().join("benchmarks.svg");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&chart, &drawn).unwrap();
        }
        assert!(
            fs::read_to_string(&chart).unwrap() == drawn,
            "docs/benchmarks.svg is another chart"
        );
    }

    fn docs() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
    }
}
