//! Constraints as sentences of the documentation.

use super::{Bound, Constraint, Constraints, Measure};

impl Constraints {
    /// The constraints as sentences, a lower and an upper bound in one. `code` formats a text as code.
    pub fn sentences(&self, code: impl Fn(&str) -> String) -> Vec<String> {
        let sentence = |constraint: &Constraint| match constraint {
            // `lower::media_limits` documents it with the other limits of files.
            constraint if constraint.extension().is_some() => None,
            Constraint::Lower(measure, low) => {
                Some(measure.sentence(Some(low), self.upper(*measure)))
            }
            Constraint::Upper(measure, _) if self.lower(*measure).is_some() => None,
            Constraint::Upper(measure, high) => Some(measure.sentence(None, Some(high))),
            Constraint::MultipleOf(step) => Some(format!("A multiple of `{step}`.")),
            Constraint::Pattern(pattern) => Some(format!("Pattern: {}.", code(pattern))),
            Constraint::UniqueItems => Some("No item twice.".to_owned()),
        };
        self.iter().filter_map(sentence).collect()
    }
}

impl Measure {
    fn sentence(self, low: Option<&Bound>, high: Option<&Bound>) -> String {
        match self.unit() {
            Some(unit) => count(low, high, unit),
            None => range(low, high),
        }
    }
}

fn range(low: Option<&Bound>, high: Option<&Bound>) -> String {
    let least = |bound: &Bound| match bound.exclusive {
        true => format!("more than `{bound}`"),
        false => format!("at least `{bound}`"),
    };
    let most = |bound: &Bound| match bound.exclusive {
        true => format!("less than `{bound}`"),
        false => format!("at most `{bound}`"),
    };
    match (low, high) {
        (Some(low), Some(high)) if !low.exclusive && !high.exclusive => {
            format!("Range: `{low}` to `{high}`.")
        }
        _ => {
            let ends = low.map(least).into_iter().chain(high.map(most));
            format!("Range: {}.", ends.collect::<Vec<_>>().join(", "))
        }
    }
}

fn count(low: Option<&Bound>, high: Option<&Bound>, [one, many]: [&str; 2]) -> String {
    let counted = |bound: &Bound| match bound.count() {
        Some(1) => format!("1 {one}"),
        _ => format!("{bound} {many}"),
    };
    match (low, high) {
        (Some(low), Some(high)) if low == high => format!("Exactly {}.", counted(low)),
        (Some(low), Some(high)) => format!("From {low} to {}.", counted(high)),
        (Some(low), None) => format!("At least {}.", counted(low)),
        (None, Some(high)) => format!("At most {}.", counted(high)),
        (None, None) => String::new(),
    }
}
