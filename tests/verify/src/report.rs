//! The findings of a run, as text and as JSON.

use std::collections::BTreeMap;
use std::fmt;

use fal_codegen::Diagnostic;
use serde::Serialize;
use serde_json::{Value, json};

use super::judge::{Disagreement, Findings};
use super::scratch::Message;
use cargo_fal::output::counted;

/// The result of a run.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The number of documents that were read.
    pub documents: usize,
    /// The number of documents with an endpoint in the generated code.
    pub generated: usize,
    /// The number of these endpoints that compile without a warning.
    pub compiled: usize,
    /// The number of fields that the documents declare.
    pub fields: usize,
    /// The number of schemas that take any value because no type expresses them.
    pub degraded: usize,
    /// The number of values that were tried.
    pub instances: u64,
    /// The number of values that the types accepted.
    pub accepted: u64,
    /// The number of verdicts that each tolerance decided.
    pub tolerated: BTreeMap<&'static str, u64>,
    /// The generator's diagnostics: what was degraded or left out.
    #[serde(serialize_with = "as_json")]
    pub diagnostics: Vec<Diagnostic>,
    /// The messages of the compiler, clippy and rustdoc.
    pub messages: Vec<Message>,
    /// Inputs and outputs of which little was tested, and why.
    pub limited: Vec<String>,
    /// The disagreements.
    pub disagreements: Vec<Disagreement>,
}

/// The part of the fields that may be degraded; more fails the run.
const DEGRADED_LIMIT: f64 = 0.01;

/// The number of disagreements of one endpoint in the text; the JSON has all.
const SHOWN: usize = 5;

/// Longer values are cut in the text.
const LONGEST: usize = 600;

impl Report {
    /// Adds the findings about one endpoint.
    pub fn add(&mut self, findings: Findings) {
        self.instances += findings.instances;
        self.accepted += findings.accepted;
        for (tolerance, count) in findings.tolerated {
            *self.tolerated.entry(tolerance).or_default() += count;
        }
        self.limited.extend(findings.limited);
        self.disagreements.extend(findings.disagreements);
    }

    /// Whether types and documents agree.
    pub fn passed(&self) -> bool {
        self.disagreements.is_empty()
            && self.compiled > 0
            && self.compiled == self.generated
            && self.messages.is_empty()
            && self.degraded as f64 <= DEGRADED_LIMIT * self.fields as f64
    }

    /// The last line of the report.
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

    /// The whole report as JSON.
    pub fn to_json(&self) -> Value {
        let mut json = json!(self);
        json["passed"] = self.passed().into();
        json["summary"] = self.summary().into();
        json
    }

    fn write_diagnostics(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut codes: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for diagnostic in &self.diagnostics {
            let code = diagnostic.code.as_str();
            codes.entry(code).or_default().push(diagnostic);
        }
        for (code, diagnostics) in codes {
            writeln!(f, "{code}: {}", diagnostics.len())?;
            for diagnostic in diagnostics {
                writeln!(f, "  {}: {}", diagnostic.location, diagnostic.message)?;
            }
        }
        Ok(())
    }

    fn write_disagreements(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for of_endpoint in self.disagreements.chunk_by(|a, b| a.endpoint == b.endpoint) {
            for disagreement in of_endpoint.iter().take(SHOWN) {
                writeln!(f, "{disagreement}\n")?;
            }
            if let Some(more @ 1..) = of_endpoint.len().checked_sub(SHOWN) {
                let endpoint = &of_endpoint[0].endpoint;
                writeln!(
                    f,
                    "{endpoint}: {more} more disagreements (all with `--format json`)\n"
                )?;
            }
        }
        Ok(())
    }
}

fn as_json<S: serde::Serializer>(
    diagnostics: &[Diagnostic],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(diagnostics.iter().map(Diagnostic::to_json))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_diagnostics(f)?;
        for message in &self.messages {
            writeln!(f, "{}", message.text)?;
        }
        for limited in &self.limited {
            writeln!(f, "{limited}")?;
        }
        self.write_disagreements(f)?;
        for (tolerance, count) in &self.tolerated {
            writeln!(f, "{count} verdicts under the tolerance `{tolerance}`")?;
        }
        let (accepted, instances) = (self.accepted, self.instances);
        writeln!(
            f,
            "{accepted} of {instances} instances accepted by the types"
        )?;
        f.write_str(&self.summary())
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (endpoint, direction) = (&self.endpoint, self.direction.as_str());
        let check = json!(self.check);
        let check = check.as_str().unwrap_or_default();
        writeln!(f, "{endpoint} ({direction}, {check}): {}", self.tried)?;
        let pointer = match self.pointer.as_str() {
            "" => "the whole value",
            pointer => pointer,
        };
        writeln!(f, "  document: {}", self.document)?;
        writeln!(f, "  pointer:  {pointer}")?;
        writeln!(f, "  instance: {}", cut(&self.instance.to_string()))?;
        writeln!(f, "  types:    {}", cut(&self.types))?;
        write!(f, "  schema:   {}", cut(&self.schema))
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
