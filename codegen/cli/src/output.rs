//! Writing to standard output.

use crate::Error;
use fal_codegen::text::is_printable;
use std::io::{self, Write as _};

/// A count with its noun, such as `1 document` or `2 documents`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// A server's text on one line, shortened and without control characters, so that it can be printed to a terminal.
pub(crate) fn printable(text: &str, longest: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars()
        .filter(|character| is_printable(*character))
        .take(longest)
        .collect()
}

/// Prints a command's result. A closed pipe (`| head`) is not an error.
///
/// # Errors
///
/// If standard output cannot be written for another reason.
pub fn print(text: &str) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::new(format!("cannot print: {error}"))
                .help("check where standard output is redirected to"))
        }
        _ => Ok(()),
    }
}
