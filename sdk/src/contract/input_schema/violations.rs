//! Converts the errors of the `jsonschema` crate into violations with this crate's messages.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{ValidationError as SchemaViolation, Validator};
use serde_json::Value;

use crate::contract::validate::{Bounded, Limit, Rule, ValidationError, Violation, quote};
use crate::contract::wire::pointer_segment;

/// Checks an input, and returns every violation, in the order of their pointers.
pub(super) fn check(validator: &Validator, input: &Value) -> Result<(), ValidationError> {
    let mut violations: Vec<Violation> = validator
        .iter_errors(input)
        .flat_map(|error| violations(&error))
        .collect();
    violations.sort_by(|one, other| one.pointer.cmp(&other.pointer));
    ValidationError::of(violations)
}

/// The violations that an error stands for; none if this crate takes the value for valid.
fn violations(error: &SchemaViolation<'_>) -> Vec<Violation> {
    let pointer = error.instance_path().to_string();
    let value = error.instance().as_ref();
    let one = |rule: Rule| vec![Violation::new(pointer.clone(), shown(value), rule)];
    match error.kind() {
        Kind::Minimum { limit } => one(Rule::AtLeast(number(limit))),
        Kind::ExclusiveMinimum { limit } => one(Rule::MoreThan(number(limit))),
        Kind::Maximum { limit } => one(Rule::AtMost(number(limit))),
        Kind::ExclusiveMaximum { limit } => one(Rule::LessThan(number(limit))),
        Kind::MultipleOf { multiple_of } => match is_near_multiple(value, *multiple_of) {
            true => Vec::new(),
            false => one(Rule::MultipleOf(Limit::Float(*multiple_of))),
        },
        Kind::MinLength { limit } => one(Rule::MinLength(count(*limit))),
        Kind::MaxLength { limit } => one(Rule::MaxLength(count(*limit))),
        Kind::MinItems { limit } => one(Rule::MinItems(count(*limit))),
        Kind::MaxItems { limit } => one(Rule::MaxItems(count(*limit))),
        Kind::AdditionalItems { limit } => one(Rule::MaxItems(*limit)),
        Kind::MinProperties { limit } => one(Rule::MinProperties(count(*limit))),
        Kind::MaxProperties { limit } => one(Rule::MaxProperties(count(*limit))),
        Kind::UniqueItems => one(Rule::Unique),
        Kind::Pattern { pattern } => one(Rule::Pattern(pattern.clone())),
        // A pattern that takes too long to match says nothing about the value.
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => Vec::new(),
        Kind::Type { kind } => one(Rule::Type(types(kind))),
        Kind::Enum { options } => one(Rule::OneOf(options.as_array().cloned().unwrap_or_default())),
        Kind::Constant { expected_value } => one(Rule::OneOf(vec![(**expected_value).clone()])),
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let pointer = pointer + &pointer_segment(name);
            vec![Violation::new(pointer, Value::Null, Rule::Required)]
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let undeclared = unexpected.iter().map(|name| {
                let value = value.get(name).unwrap_or(&Value::Null);
                let pointer = pointer.clone() + &pointer_segment(name);
                Violation::new(pointer, shown(value), Rule::Undeclared)
            });
            undeclared.collect()
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            of_alternatives(&pointer, value, context)
        }
        Kind::OneOfMultipleValid { .. } => one(Rule::Other(
            "is valid under more than one alternative".to_owned(),
        )),
        _ => one(Rule::Other(error.masked_with("the value").to_string())),
    }
}

/// The violations of a value that matches no alternative. If only one alternative has the
/// value's type, they are those of this alternative; otherwise one violation says what each
/// alternative requires.
fn of_alternatives(
    pointer: &str,
    value: &Value,
    alternatives: &[Vec<SchemaViolation<'static>>],
) -> Vec<Violation> {
    let reports: Vec<Vec<Violation>> = alternatives
        .iter()
        .map(|errors| errors.iter().flat_map(violations).collect())
        .collect();
    if reports.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let is_of_other_type = |report: &&Vec<Violation>| {
        report
            .iter()
            .any(|it| it.pointer == pointer && matches!(it.rule, Rule::Type(_)))
    };
    let mut close: Vec<&Vec<Violation>> =
        reports.iter().filter(|it| !is_of_other_type(it)).collect();
    if let [only] = close.as_slice() {
        return (*only).clone();
    }
    if close.is_empty() {
        close = reports.iter().collect();
    }
    vec![Violation::new(
        pointer.to_owned(),
        shown(value),
        merged(pointer, &close),
    )]
}

/// Merges the violations of several alternatives into one rule: a list of values or of types
/// if the alternatives require nothing else.
fn merged(pointer: &str, reports: &[&Vec<Violation>]) -> Rule {
    let mut values = Vec::new();
    let mut types: Vec<String> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for report in reports {
        match report.as_slice() {
            [one] if one.pointer == pointer => match &one.rule {
                Rule::OneOf(more) => values.extend(more.iter().cloned()),
                Rule::Type(name) => types.push(name.clone()),
                rule => texts.push(rule.to_string()),
            },
            several => {
                let lines: Vec<String> = several.iter().map(ToString::to_string).collect();
                texts.push(lines.join("; "));
            }
        }
    }
    match (values.is_empty(), types.is_empty(), texts.is_empty()) {
        (false, true, true) => Rule::OneOf(values),
        (true, false, true) => Rule::Type(types.join(" or ")),
        _ => {
            texts.extend((!types.is_empty()).then(|| Rule::Type(types.join(" or ")).to_string()));
            texts.extend((!values.is_empty()).then(|| Rule::OneOf(values).to_string()));
            Rule::Other(format!("matches no alternative: {}", texts.join(", or ")))
        }
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(name) => name.to_string(),
        TypeKind::Multiple(names) => {
            let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
            names.join(" or ")
        }
    }
}

/// A value as a violation shows it: a long one is cut or described.
fn shown(value: &Value) -> Value {
    const LONGEST: usize = 60;
    match value {
        Value::String(text) => quote(text),
        Value::Array(items) if value.to_string().len() > LONGEST => {
            Value::from(format!("{} items", items.len()))
        }
        Value::Object(members) if value.to_string().len() > LONGEST => {
            Value::from(format!("{} properties", members.len()))
        }
        other => other.clone(),
    }
}

fn number(limit: &Value) -> Limit {
    match (limit.as_i64(), limit.as_u64()) {
        (Some(limit), _) => Limit::Signed(limit),
        (None, Some(limit)) => Limit::Unsigned(limit),
        (None, None) => Limit::Float(limit.as_f64().unwrap_or(f64::NAN)),
    }
}

fn count(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// Whether a float is a multiple of `step` with the precision of typed inputs: nine digits.
fn is_near_multiple(value: &Value, step: f64) -> bool {
    match value.as_f64() {
        Some(number) if value.is_f64() => number.is_multiple_of(step),
        _ => false,
    }
}
