//! Rows with a set-up of their own: what one reply of the server cannot show.

mod batches;
mod files;
mod replies;
mod runtimes;
mod waiting;
mod webhooks;

use crate::row::{Expected, Observation, Row};
use crate::setup::Transport;

/// All of them.
pub fn rows(transport: Transport) -> Vec<Row> {
    let mut rows = waiting::rows(transport);
    rows.extend(replies::rows(transport));
    rows.extend(batches::rows(transport));
    rows.extend(files::rows(transport));
    rows.extend(webhooks::rows(transport));
    rows.extend(runtimes::rows(transport));
    rows
}

/// Makes the rows of a section.
struct Section(&'static str);

impl Section {
    fn row(
        &self,
        fault: &str,
        operation: &'static str,
        expected: Expected,
        run: impl Future<Output = Observation> + Send + 'static,
    ) -> Row {
        Row {
            section: self.0,
            fault: fault.to_owned(),
            operation,
            expected,
            run: Box::pin(run),
        }
    }
}
