//! The figures of all callers, side by side.

use super::{caller::Figures, goal::Goal};
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// A figure of a section.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Column {
    /// The name of the figure in what callers print.
    pub key: &'static str,
    /// The name with its unit.
    pub label: &'static str,
}

/// What one caller did: the median of its rounds for each figure, and the rounds themselves.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
    pub caller: String,
    /// The caller of the row that it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    pub rounds: Vec<Figures>,
    pub medians: Map<String, Value>,
    /// Why it has no figures, or not all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// A remark on its figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Row {
    pub fn new(caller: &str, against: Option<&str>) -> Self {
        Self {
            caller: caller.to_owned(),
            against: against.map(str::to_owned),
            ..Self::default()
        }
    }

    pub fn median(&self, key: &str) -> Option<f64> {
        self.medians.get(key)?.as_f64()
    }

    /// Computes the medians of all rounds.
    fn compute_medians(&mut self) {
        let keys: Vec<String> = self
            .rounds
            .iter()
            .flat_map(|round| round.keys().cloned())
            .collect();
        for key in keys {
            let figures = self
                .rounds
                .iter()
                .filter_map(|round| round.get(&key)?.as_f64());
            if let Some(median) = median(figures.collect()) {
                self.medians.insert(key, median.into());
            }
        }
    }
}

/// The middle figure, or the mean of the two middle ones.
fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    let upper = *figures.get(figures.len() / 2)?;
    let lower = figures[(figures.len() - 1) / 2];
    Some(f64::midpoint(lower, upper))
}

/// How figures are spread.
struct Spread {
    low: f64,
    median: f64,
    high: f64,
}

impl Spread {
    /// The widest spread of which a median is shown: beyond, it says more about the machine than about the callers.
    const WIDEST: f64 = 1.5;

    /// The median, and between which figures four of five are.
    fn of(mut figures: Vec<f64>) -> Option<Self> {
        figures.sort_by(f64::total_cmp);
        let last = figures.len().checked_sub(1)?;
        Some(Self {
            low: figures[last / 10],
            high: figures[last - last / 10],
            median: median(figures)?,
        })
    }

    fn is_steady(&self) -> bool {
        self.high / self.low <= Self::WIDEST
    }

    fn text(&self) -> String {
        let Self { low, median, high } = self;
        let is_one = format!("{low:.2}") == format!("{high:.2}");
        match () {
            () if is_one => format!("{median:.2}×"),
            () if !self.is_steady() => format!("unsteady ({low:.2}–{high:.2})"),
            () => format!("{median:.2}× ({low:.2}–{high:.2})"),
        }
    }
}

/// Callers side by side.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    pub title: String,
    /// What was done, and what the figures mean.
    pub about: String,
    pub columns: Vec<Column>,
    /// The figure whose ratios are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_of: Option<Column>,
    /// Goals, each with the caller that it is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<(String, Goal)>,
    pub rows: Vec<Row>,
}

impl Section {
    pub fn new(title: &str, about: &str, columns: &[Column], mut rows: Vec<Row>) -> Self {
        rows.iter_mut().for_each(Row::compute_medians);
        Self {
            title: title.to_owned(),
            about: about.to_owned(),
            columns: columns.to_vec(),
            ratio_of: None,
            goals: Vec::new(),
            rows,
        }
    }

    /// Adds the ratios of a figure to that of the row that it is compared with.
    pub fn ratio_of(mut self, column: Column) -> Self {
        self.ratio_of = Some(column);
        self
    }

    /// Adds a goal for each of some callers.
    pub fn goal(mut self, callers: &[&str], goal: Goal) -> Self {
        let goals = callers.iter().map(|caller| ((*caller).to_owned(), goal));
        self.goals.extend(goals);
        self
    }

    /// The ratios of a row, round by round: both sides of one stood next to each other in time.
    fn ratios(&self, row: &Row) -> Option<Spread> {
        let (column, against) = (self.ratio_of?, row.against.as_ref()?);
        let other = self.rows.iter().find(|other| other.caller == *against)?;
        let figure = |round: &Figures| round.get(column.key)?.as_f64();
        let rounds = row.rounds.iter().zip(&other.rounds);
        let ratios = rounds.filter_map(|(one, other)| Some(figure(one)? / figure(other)?));
        Spread::of(ratios.collect())
    }

    /// The table's cells, the head first.
    pub fn cells(&self) -> Vec<Vec<String>> {
        let mut head = vec![String::new()];
        head.extend(self.columns.iter().map(|column| column.label.to_owned()));
        if let Some(column) = self.ratio_of {
            head.push(format!("{}, ratio", column.label));
        }
        let rows = self.rows.iter().map(|row| self.row(row));
        std::iter::once(head).chain(rows).collect()
    }

    fn row(&self, row: &Row) -> Vec<String> {
        let figure = |column: &Column| row.median(column.key).map_or("–".to_owned(), three_digits);
        let mut cells = vec![row.caller.clone()];
        cells.extend(self.columns.iter().map(figure));
        if self.ratio_of.is_some() {
            let ratios = self.ratios(row);
            cells.push(ratios.map_or(String::new(), |ratios| ratios.text()));
        }
        cells
    }

    /// Why callers have no figures, remarks, and which goals are met, a line for each.
    pub fn remarks(&self) -> impl Iterator<Item = String> {
        let remarks = self
            .rows
            .iter()
            .filter_map(|row| Some((row, row.failure.as_ref().or(row.note.as_ref())?)));
        let remarks = remarks.map(|(row, why)| format!("{}: {why}", row.caller));
        remarks.chain(self.goals.iter().filter_map(|(caller, goal)| {
            let row = self.rows.iter().find(|row| row.caller == *caller)?;
            let figure = match goal.is_ratio {
                true => self
                    .ratios(row)
                    .filter(Spread::is_steady)
                    .map(|ratios| ratios.median),
                false => row.median(goal.column.key),
            };
            Some(format!("{caller}: {}", goal.verdict(figure)))
        }))
    }

    /// The table for a terminal.
    pub fn text(&self) -> String {
        let cells = self.cells();
        let width = |column: usize| {
            let widths = cells.iter().map(|row| row[column].chars().count());
            widths.max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..cells[0].len()).map(width).collect();
        let mut text = format!("{}\n", self.title);
        for row in &cells {
            let _ = write!(text, "  {:<1$}", row[0], widths[0]);
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                let _ = write!(text, "  {cell:>width$}");
            }
            text.push('\n');
        }
        for failure in self.remarks() {
            let _ = writeln!(text, "  {failure}");
        }
        text
    }
}

/// A figure with three significant digits.
pub fn three_digits(figure: f64) -> String {
    match figure.abs() {
        0.0 => "0".to_owned(),
        size if size >= 99.5 => {
            let digits = format!("{figure:.0}");
            let mut text = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at).is_multiple_of(3) {
                    text.push(',');
                }
                text.push(digit);
            }
            text
        }
        size if size >= 9.95 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

/// All sections, and what they were measured on.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub machine: Vec<String>,
    pub quick: bool,
    pub sections: Vec<Section>,
    pub missing: Vec<String>,
}

impl Report {
    pub fn new(machine: Vec<String>, quick: bool, missing: Vec<String>) -> Self {
        Self {
            machine,
            quick,
            sections: Vec::new(),
            missing,
        }
    }

    /// The lines below the tables.
    pub fn closing(&self) -> String {
        let mut text = format!("\nMeasured on {}.\n", self.machine.join("; "));
        text += "Other programs may have had the machine too: read ratios rather than times.\n";
        for line in &self.missing {
            let _ = writeln!(text, "{line}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::goal::Bound;
    use super::*;
    use serde_json::json;

    const CPU: Column = Column {
        key: "cpu_us",
        label: "CPU, µs",
    };

    fn row(caller: &str, against: Option<&str>, figures: &[f64]) -> Row {
        let mut row = Row::new(caller, against);
        let round = |figure: &f64| json!({ "cpu_us": figure }).as_object().cloned();
        row.rounds = figures.iter().filter_map(round).collect();
        row
    }

    #[test]
    fn medians_and_ratios_stand_side_by_side() {
        let mut lost = row("lost", Some("bare"), &[]);
        lost.failure = Some("it fell over".to_owned());
        let rows = vec![
            row("bare", None, &[90.0, 100.0, 400.0]),
            row("ours", Some("bare"), &[99.0, 120.0]),
            row("theirs", Some("bare"), &[90.0, 200.0, 400.0]),
            row("counted", Some("bare"), &[180.0]),
            lost,
        ];
        let section = Section::new("Runs", "", &[CPU], rows).ratio_of(CPU);
        let cells = section.cells();
        assert_eq!(cells[1], ["bare", "100", ""]);
        assert_eq!(cells[2], ["ours", "110", "1.15× (1.10–1.20)"]);
        assert_eq!(cells[3], ["theirs", "200", "unsteady (1.00–2.00)"]);
        assert_eq!(cells[4], ["counted", "180", "2.00×"]);
        assert_eq!(cells[5], ["lost", "–", ""]);
        assert!(section.text().contains("lost: it fell over"));
        let goal = Goal::of_ratio(CPU, Bound::AtMost(1.1));
        let section = section.goal(&["ours", "theirs"], goal);
        let text = section.text();
        assert!(text.contains("ours: the goal for CPU, µs, ratio, at most 1.10×, is missed"));
        assert!(text.contains("theirs: the goal for CPU, µs, ratio, at most 1.10×, cannot"));
    }

    #[test]
    fn figures_have_three_digits() {
        let cases = [
            (0.0, "0"),
            (0.123, "0.12"),
            (12.34, "12.3"),
            (123.4, "123"),
            (1_234_567.8, "1,234,568"),
        ];
        for (figure, text) in cases {
            assert_eq!(three_digits(figure), text);
        }
    }
}
