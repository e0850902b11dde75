//! What a run found, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;

use fal_codegen::Diagnostic;
use serde_json::{Value, json};

use super::judge::Disagreement;
use super::scratch::Message;
use super::tolerance::Rule;
use cargo_fal::output::counted;

/// The result of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// How many documents were read.
    pub documents: usize,
    /// How many of them have an endpoint in the generated code.
    pub generated: usize,
    /// How many of those compile without a warning.
    pub compiled: usize,
    /// How many fields the documents declare.
    pub fields: usize,
    /// How many places take any value because no type expresses them.
    pub degraded: usize,
    /// How many values were tried.
    pub instances: u64,
    /// How many of them the types took.
    pub taken: u64,
    /// How many verdicts each rule of tolerance decided.
    pub tolerated: BTreeMap<Rule, u64>,
    /// The generator's remarks: what was degraded or left out.
    pub diagnostics: Vec<Diagnostic>,
    /// What the compiler, clippy and rustdoc said.
    pub messages: Vec<Message>,
    /// Inputs and outputs of which no tried value was good.
    pub hollow: Vec<String>,
    /// The disagreements.
    pub disagreements: Vec<Disagreement>,
}

/// More than this part of the fields degraded fails the run.
const DEGRADED_LIMIT: f64 = 0.01;

/// The text shows so many disagreements of one endpoint, the JSON all.
const SHOWN: usize = 5;

/// Longer values are cut in the text.
const LONGEST: usize = 600;

impl Report {
    /// Whether types and documents agree.
    pub fn passed(&self) -> bool {
        self.disagreements.is_empty()
            && self.compiled == self.generated
            && self.messages.is_empty()
            && self.degraded as f64 <= DEGRADED_LIMIT * self.fields as f64
    }

    /// The last line.
    pub fn summary(&self) -> String {
        format!(
            "verify: {}, {} generated, {} compiled, {} fields, {} degraded, {} instances, {}",
            counted(self.documents, "document"),
            self.generated,
            self.compiled,
            self.fields,
            self.degraded,
            self.instances,
            counted(self.disagreements.len(), "disagreement"),
        )
    }

    /// Everything, for programs.
    pub fn to_json(&self) -> Value {
        let tolerated = self.tolerated.iter();
        let tolerated = tolerated.map(|(rule, count)| (rule.as_str().to_owned(), json!(count)));
        json!({
            "documents": self.documents,
            "generated": self.generated,
            "compiled": self.compiled,
            "fields": self.fields,
            "degraded": self.degraded,
            "instances": self.instances,
            "taken": self.taken,
            "tolerated": tolerated.collect::<serde_json::Map<_, _>>(),
            "diagnostics": self.diagnostics.iter().map(Diagnostic::to_json).collect::<Vec<_>>(),
            "messages": self.messages.iter().map(message_json).collect::<Vec<_>>(),
            "hollow": self.hollow,
            "disagreements": self.disagreements.iter().map(disagreement_json).collect::<Vec<_>>(),
            "passed": self.passed(),
            "summary": self.summary(),
        })
    }

    fn diagnostics_by_code(&self) -> BTreeMap<&'static str, Vec<&Diagnostic>> {
        let mut codes: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for diagnostic in &self.diagnostics {
            codes
                .entry(diagnostic.code.as_str())
                .or_default()
                .push(diagnostic);
        }
        codes
    }

    fn write_disagreements(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut endpoints: BTreeMap<&str, Vec<&Disagreement>> = BTreeMap::new();
        for disagreement in &self.disagreements {
            endpoints
                .entry(&disagreement.endpoint)
                .or_default()
                .push(disagreement);
        }
        for (endpoint, disagreements) in endpoints {
            for disagreement in disagreements.iter().take(SHOWN) {
                writeln!(f, "{disagreement}\n")?;
            }
            if let Some(more) = disagreements
                .len()
                .checked_sub(SHOWN)
                .filter(|more| *more > 0)
            {
                writeln!(
                    f,
                    "{endpoint}: {more} more disagreements (all with `--format json`)\n"
                )?;
            }
        }
        Ok(())
    }
}

fn message_json(message: &Message) -> Value {
    json!({ "file": message.file, "error": message.is_error, "title": message.title, "text": message.text })
}

fn disagreement_json(disagreement: &Disagreement) -> Value {
    json!({
        "endpoint": disagreement.endpoint,
        "document": disagreement.document,
        "direction": disagreement.direction.as_str(),
        "check": disagreement.check.as_str(),
        "tried": disagreement.tried,
        "pointer": disagreement.pointer,
        "instance": disagreement.instance,
        "types": disagreement.types,
        "schema": disagreement.schema,
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (code, diagnostics) in self.diagnostics_by_code() {
            writeln!(f, "{code}: {}", diagnostics.len())?;
            for diagnostic in diagnostics {
                writeln!(f, "  {}: {}", diagnostic.location, diagnostic.message)?;
            }
        }
        for message in &self.messages {
            writeln!(f, "{}", message.text)?;
        }
        for hollow in &self.hollow {
            writeln!(f, "no value tried for {hollow} is valid by its schema")?;
        }
        self.write_disagreements(f)?;
        for (rule, count) in &self.tolerated {
            writeln!(f, "{count} tolerated by the rule `{}`", rule.as_str())?;
        }
        writeln!(
            f,
            "{} of {} instances accepted by the types",
            self.taken, self.instances
        )?;
        f.write_str(&self.summary())
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = self.direction.as_str();
        writeln!(
            f,
            "{} ({direction}, {}): {}",
            self.endpoint,
            self.check.as_str(),
            self.tried
        )?;
        writeln!(
            f,
            "  pointer:  {}",
            if self.pointer.is_empty() {
                "the top"
            } else {
                &self.pointer
            }
        )?;
        writeln!(f, "  instance: {}", cut(&self.instance.to_string()))?;
        writeln!(f, "  types:    {}", cut(&self.types))?;
        write!(f, "  schema:   {}", cut(&self.schema))
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start}…")
}
