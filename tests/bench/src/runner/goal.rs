//! Goals, and whether the figures meet them.

use super::report::{Column, three_digits};
use serde::Serialize;

/// What a caller's figure, or its ratio, should be.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Goal {
    pub column: Column,
    /// Whether the ratio is meant.
    pub is_ratio: bool,
    pub bound: Bound,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Goal {
    pub fn of(column: Column, bound: Bound) -> Self {
        Self {
            column,
            is_ratio: false,
            bound,
        }
    }

    pub fn of_ratio(column: Column, bound: Bound) -> Self {
        Self {
            is_ratio: true,
            ..Self::of(column, bound)
        }
    }

    /// What is said of a figure; of none if there is no steady one.
    pub fn verdict(&self, figure: Option<f64>) -> String {
        let (words, bound) = match self.bound {
            Bound::AtMost(bound) => ("at most", bound),
            Bound::AtLeast(bound) => ("at least", bound),
        };
        // As exactly as it is shown.
        let rounded = |figure: f64| (figure * 100.0).round() / 100.0;
        let outcome = match (figure.map(rounded), self.bound) {
            (None, _) => "cannot be judged",
            (Some(figure), Bound::AtMost(bound)) if figure <= bound => "is met",
            (Some(figure), Bound::AtLeast(bound)) if figure >= bound => "is met",
            (Some(_), _) => "is missed",
        };
        let (bound, label) = match self.is_ratio {
            true => (
                format!("{bound:.2}×"),
                format!("{}, ratio", self.column.label),
            ),
            false => (three_digits(bound), self.column.label.to_owned()),
        };
        format!("the goal for {label}, {words} {bound}, {outcome}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_met_missed_or_not_judged() {
        let column = Column {
            key: "seconds",
            label: "time, s",
        };
        let fast = Goal::of(column, Bound::AtMost(2.2));
        assert_eq!(
            fast.verdict(Some(2.204)),
            "the goal for time, s, at most 2.20, is met"
        );
        assert_eq!(
            fast.verdict(Some(2.21)),
            "the goal for time, s, at most 2.20, is missed"
        );
        let near = Goal::of_ratio(column, Bound::AtLeast(0.9));
        assert_eq!(
            near.verdict(Some(0.81)),
            "the goal for time, s, ratio, at least 0.90×, is missed"
        );
        assert_eq!(
            near.verdict(None),
            "the goal for time, s, ratio, at least 0.90×, cannot be judged"
        );
    }
}
