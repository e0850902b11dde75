//! The child process that holds the generated types.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use super::subject::Direction;

/// What the types make of a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Where and why they refuse it; empty for a value that they take.
    pub refusals: Vec<Refusal>,
    /// What they write; `None` if it is the value itself.
    pub encoded: Option<Result<Value, String>>,
    /// Enum values that they do not list, as `Debug` writes them.
    pub unlisted: Vec<String>,
    /// Media that an upload would miss.
    pub unvisited: u64,
}

/// A place where the types refuse a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The JSON pointer.
    pub pointer: String,
    /// The words of the error.
    pub message: String,
    /// Whether the value decodes and breaks a rule, or does not decode.
    pub is_rule: bool,
}

impl Answer {
    fn read(value: &Value) -> Self {
        let refusal = |value: &Value, is_rule| Refusal {
            pointer: text(&value["pointer"]),
            message: text(&value["message"]),
            is_rule,
        };
        let error = value.get("error").map(|error| refusal(error, false));
        let violations = value["violations"].as_array().into_iter().flatten();
        let violations = violations.map(|violation| refusal(violation, true));
        let unencodable = value.get("unencodable").map(|error| Err(text(error)));
        let unlisted = value["unlisted"].as_array().into_iter().flatten();
        Self {
            refusals: error.into_iter().chain(violations).collect(),
            encoded: value.get("encoded").cloned().map(Ok).or(unencodable),
            unlisted: unlisted.map(text).collect(),
            unvisited: value["unvisited"].as_u64().unwrap_or(0),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A running child.
pub struct Harness {
    child: Child,
    questions: Option<BufWriter<ChildStdin>>,
    answers: BufReader<ChildStdout>,
}

impl Harness {
    /// Starts the program.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(program: &Path) -> std::io::Result<Self> {
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let missing = || std::io::Error::other("the child has no pipe");
        let questions = child.stdin.take().ok_or_else(missing)?;
        let answers = child.stdout.take().ok_or_else(missing)?;
        Ok(Self {
            child,
            questions: Some(BufWriter::new(questions)),
            answers: BufReader::new(answers),
        })
    }

    /// The endpoint id that the types of an entry state.
    ///
    /// # Errors
    /// When the child has died.
    pub fn endpoint(&mut self, entry: usize) -> std::io::Result<String> {
        let answer = self.ask(&json!({ "entry": entry, "direction": "endpoint" }))?;
        Ok(text(&answer))
    }

    /// What `schema_for!` says of the types of an entry: of the input, of the output.
    ///
    /// # Errors
    /// When the child has died.
    pub fn schemas(&mut self, entry: usize) -> std::io::Result<[Value; 2]> {
        let mut answer = self.ask(&json!({ "entry": entry, "direction": "schemas" }))?;
        Ok([answer["input"].take(), answer["output"].take()])
    }

    /// What the types of an entry make of each value.
    ///
    /// # Errors
    /// When the child has died.
    pub fn answers<'a>(
        &mut self,
        entry: usize,
        direction: Direction,
        values: impl Iterator<Item = &'a Value>,
    ) -> std::io::Result<Vec<Answer>> {
        let values: Vec<&Value> = values.collect();
        let question = json!({ "entry": entry, "direction": direction.as_str(), "values": values });
        let answers = self.ask(&question)?;
        Ok(answers
            .as_array()
            .into_iter()
            .flatten()
            .map(Answer::read)
            .collect())
    }

    fn ask(&mut self, question: &Value) -> std::io::Result<Value> {
        let Some(questions) = &mut self.questions else {
            return Err(std::io::Error::other("the child was stopped"));
        };
        serde_json::to_writer(&mut *questions, question)?;
        questions.write_all(b"\n")?;
        questions.flush()?;
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err(std::io::Error::other("the child ended without an answer"));
        }
        Ok(serde_json::from_str(&line)?)
    }
}

/// Ends the child by ending its input, and waits for it.
impl Drop for Harness {
    fn drop(&mut self) {
        self.questions = None;
        let _ = self.child.wait();
    }
}
