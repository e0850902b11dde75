//! The examples in the documentation of inputs, as code that the compiler checks.

/// How the example of an input begins and ends in its documentation.
const FENCES: [&str; 2] = ["/// ```ignore", "/// ```"];

/// A module's text with the example of its documentation as a function.
///
/// Only clippy compiles it, so that types can be judged although their example does not compile.
pub fn with_call(text: &str) -> String {
    let [open, close] = FENCES;
    let lines = text.lines().map(str::trim_start);
    let mut lines = lines.skip_while(|line| *line != open).skip(1).peekable();
    if lines.peek().is_none() {
        return text.to_owned();
    }
    let code: String = lines
        .take_while(|line| *line != close)
        .map(|line| format!("        {}\n", line.trim_start_matches("///").trim_start()))
        .collect();
    // In a module of its own: a module of endpoints may be called `fal_sdk`.
    format!(
        "{text}\n#[cfg(clippy)]\n#[allow(warnings, clippy::all)]\nmod documented_call {{\n    \
         async fn call() -> fal_sdk::Result<()> {{\n{code}        Ok(())\n    }}\n}}\n"
    )
}
