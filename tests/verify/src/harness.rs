//! The child process that holds the generated types: see `tests/verify/harness/main.rs`.

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::root_schema::Direction;

/// The id of an endpoint, and the JSON Schemas of its types.
#[derive(Debug, Deserialize)]
pub struct Description {
    /// The id of the endpoint.
    pub endpoint: String,
    /// The JSON Schema that `schema_for!` makes of the input's type.
    pub input: Value,
    /// The JSON Schema that `schema_for!` makes of the output's type.
    pub output: Value,
}

/// The result of decoding, validating and encoding a value with the types.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// Why the value does not decode.
    pub error: Option<Refusal>,
    /// The rules that the value breaks.
    pub violations: Vec<Refusal>,
    /// The encoded value; `None` if it equals the value itself.
    pub encoded: Option<Value>,
    /// Why the types cannot encode what they decoded.
    pub unencodable: Option<String>,
    /// Enum values that the types do not list, as `Debug` writes them.
    pub unlisted: Vec<String>,
    /// The number of media fields that an upload would miss.
    pub unvisited: u64,
}

/// A position at which the types refuse a value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refusal {
    /// The JSON pointer of the position.
    pub pointer: String,
    /// The text of the error.
    pub message: String,
}

impl Answer {
    /// The positions at which the value is refused, with the reasons; empty for a value that is accepted.
    pub fn refusals(&self) -> impl Iterator<Item = &Refusal> {
        self.error.iter().chain(&self.violations)
    }

    /// Whether the types accept the value.
    pub fn is_accepted(&self) -> bool {
        self.refusals().next().is_none()
    }
}

/// A running harness process.
pub struct Harness {
    child: Child,
    questions: Option<BufWriter<ChildStdin>>,
    answers: BufReader<ChildStdout>,
}

impl Harness {
    /// Starts the program.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start(program: &Path) -> io::Result<Self> {
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let missing = || io::Error::other("the child has no pipe");
        let questions = child.stdin.take().ok_or_else(missing)?;
        let answers = child.stdout.take().ok_or_else(missing)?;
        Ok(Self {
            child,
            questions: Some(BufWriter::new(questions)),
            answers: BufReader::new(answers),
        })
    }

    /// The description of an entry's types.
    ///
    /// # Errors
    /// When the child has died.
    pub fn describe(&mut self, entry: usize) -> io::Result<Description> {
        self.ask(&json!({ "entry": entry }))
    }

    /// The results of decoding, validating and encoding each value with the types of an entry.
    ///
    /// # Errors
    /// When the child has died.
    pub fn answers<'a>(
        &mut self,
        entry: usize,
        direction: Direction,
        values: impl Iterator<Item = &'a Value>,
    ) -> io::Result<Vec<Answer>> {
        let values: Vec<&Value> = values.collect();
        let question = json!({ "entry": entry, "direction": direction, "values": values });
        let answers: Vec<Answer> = self.ask(&question)?;
        match answers.len() == values.len() {
            true => Ok(answers),
            false => Err(io::Error::other("the child left out answers")),
        }
    }

    fn ask<T: DeserializeOwned>(&mut self, question: &Value) -> io::Result<T> {
        let Some(questions) = &mut self.questions else {
            return Err(io::Error::other("the child was stopped"));
        };
        serde_json::to_writer(&mut *questions, question)?;
        questions.write_all(b"\n")?;
        questions.flush()?;
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err(io::Error::other("the child ended without an answer"));
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
