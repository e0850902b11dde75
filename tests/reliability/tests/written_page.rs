//! The page in the repository is what the command wrote from its figures.

use std::path::Path;

use fal_reliability::report::{PAGE, Report, page};

#[test]
fn nobody_edited_the_page() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let report = Report::read(&docs).unwrap();
    let suite = report.suite.as_ref().expect("the figures have a table");
    assert!(suite.rows.len() > 100);
    let written = std::fs::read_to_string(docs.join(PAGE)).unwrap();
    assert!(
        written == page(&report),
        "`cargo xtask reliability` writes it"
    );
    let lost = suite.rows.iter().map(|row| row.lost + row.duplicated);
    assert_eq!(lost.sum::<u64>(), 0);
    let soak = report.soak.expect("the figures have a soak");
    assert_eq!((soak.duplicated, soak.lost), (0, 0));
    assert!(soak.wrong.is_empty());
}
