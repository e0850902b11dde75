//! Writes the implementation of `Validate`: the constraints of a schema as calls of the validator.

use proc_macro2::Literal as Token;
use serde_json::Number;

use super::default::{float, integer};
use super::scope::Scope;
use crate::constraint::Argument;
use crate::ir::{ConstrainedType, Shape, TypeRef};
use crate::json::{self, Type};

/// A call of the validator.
struct Check {
    method: &'static str,
    wire: String,
    value: String,
    rule: Option<String>,
    /// The checks of each item, where the call goes through a list or into a tuple.
    inner: Vec<Check>,
}

impl Check {
    fn new(method: &'static str, wire: &str, value: &str, rule: Option<String>) -> Self {
        Self {
            method,
            wire: Token::string(wire).to_string(),
            value: value.to_owned(),
            rule,
            inner: Vec::new(),
        }
    }
}

/// Calls, each on a line of its own.
fn print(checks: &[Check], depth: usize) -> String {
    let indent = "    ".repeat(depth);
    let lines = checks.iter().map(|check| {
        let arguments: Vec<&str> = [check.wire.as_str(), &check.value]
            .into_iter()
            .chain(check.rule.as_deref())
            .collect();
        let arguments = arguments.join(", ");
        let method = check.method;
        match check.inner.as_slice() {
            [] => format!("{indent}check.{method}({arguments});\n"),
            inner => format!(
                "{indent}check.{method}({arguments}, {});\n",
                closure(inner, depth)
            ),
        }
    });
    lines.collect()
}

/// The checks of an item.
fn closure(checks: &[Check], depth: usize) -> String {
    let lines = print(checks, depth + 1);
    format!("|check, item| {{\n{lines}{}}}", "    ".repeat(depth))
}

impl Scope<'_> {
    /// The rules of a field, in the form that the declaration of a struct has.
    pub(super) fn check_facts(&self, constrained: &ConstrainedType) -> Vec<String> {
        let checks = self.checks("", "", constrained);
        let facts = checks.iter().map(|check| {
            let inner = (!check.inner.is_empty()).then(|| closure(&check.inner, 0));
            let argument = check.rule.clone().or(inner).unwrap_or_default();
            format!("check {}({argument})", check.method)
        });
        facts.collect()
    }

    /// A call for each rule of a value and of what is in it.
    fn checks(&self, wire: &str, value: &str, constrained: &ConstrainedType) -> Vec<Check> {
        let mut checks = own_checks(wire, value, constrained);
        match &constrained.ty {
            TypeRef::Named(id) | TypeRef::Boxed(id) => {
                if self.has_rules(*id) {
                    checks.push(Check::new("nested", wire, value, None));
                }
            }
            // The type `Media` itself checks that its text is a URL.
            TypeRef::Media => checks.push(Check::new("nested", wire, value, None)),
            TypeRef::Tuple(places) => checks.extend(self.place_checks(wire, value, places)),
            ty => {
                for item in ty.inner() {
                    checks.extend(self.inner_checks(wire, value, constrained, item));
                }
            }
        }
        checks
    }

    /// The checks of the values in a container. The validator applies the rules of numbers and strings to the items of a list by
    /// itself; only a list inside a list needs a call for its items.
    fn inner_checks(
        &self,
        wire: &str,
        value: &str,
        outer: &ConstrainedType,
        item: &ConstrainedType,
    ) -> Vec<Check> {
        let transparent = matches!(outer.ty, TypeRef::Option(_)) || !counts_items(item);
        if transparent {
            return self.checks(wire, value, item);
        }
        let mut each = Check::new("each_item", wire, value, None);
        each.inner = self.checks("", "item", item);
        vec![each]
    }

    /// The checks of a tuple's items, each by its index.
    fn place_checks(&self, wire: &str, value: &str, places: &[ConstrainedType]) -> Option<Check> {
        let mut each = Check::new("each", wire, value, None);
        for (index, place) in places.iter().enumerate() {
            let checks = self.checks(&index.to_string(), &format!("&item.{index}"), place);
            each.inner.extend(checks);
        }
        (!each.inner.is_empty()).then_some(each)
    }

    /// The rule of a union's variant, in the form that the macro has.
    pub(super) fn variant_rule(&self, constrained: &ConstrainedType) -> Option<String> {
        if matches!(constrained.ty, TypeRef::Named(id) | TypeRef::Boxed(id)
            if !matches!(self.def(id).shape, Shape::Enum(_)))
        {
            return None;
        }
        let checks = without_nested(self.checks("", "value", constrained));
        let lines = print(&checks, 3);
        (!checks.is_empty()).then(|| format!("|check, value| {{\n{lines}        }}"))
    }
}

/// The checks without those of nested values, which the macro visits itself.
fn without_nested(checks: Vec<Check>) -> Vec<Check> {
    let kept = checks.into_iter().filter_map(|mut check| {
        let goes_in = !check.inner.is_empty();
        check.inner = without_nested(check.inner);
        let is_empty = goes_in && check.inner.is_empty();
        (check.method != "nested" && !is_empty).then_some(check)
    });
    kept.collect()
}

/// Whether the type is a list or a map whose items are counted or compared.
fn counts_items(constrained: &ConstrainedType) -> bool {
    let is_container = matches!(constrained.ty.json_type(), Some(Type::Array | Type::Object));
    let is_tuple = matches!(constrained.ty, TypeRef::Tuple(_));
    is_container && constrained.has_checks()
        || !is_tuple && constrained.ty.inner().iter().any(counts_items)
}

fn own_checks(wire: &str, value: &str, constrained: &ConstrainedType) -> Vec<Check> {
    let Some(ty) = constrained.ty.json_type() else {
        return Vec::new();
    };
    let constraints = constrained.effective();
    let checks = constraints.checks(ty).into_iter().filter_map(|check| {
        let argument = match check.argument {
            Argument::None => None,
            Argument::Number(of) => Some(number(of, &constrained.ty)?),
            Argument::Range(low, high) => {
                let [low, high] =
                    [low, high].map(|end| end.and_then(|end| number(end, &constrained.ty)));
                Some(range(low, high)?)
            }
            Argument::Text(text) => Some(Token::string(text).to_string()),
        };
        Some(Check::new(check.method, wire, value, argument))
    });
    checks.collect()
}

/// A number as a Rust literal that can be compared with values of the type.
fn number(value: &Number, ty: &TypeRef) -> Option<String> {
    let tokens = match ty {
        TypeRef::Float => float(value.as_f64()?)?,
        _ => integer(json::integer(value)?),
    };
    Some(tokens.to_string().replace(' ', ""))
}

fn range(low: Option<String>, high: Option<String>) -> Option<String> {
    match (low, high) {
        (None, None) => None,
        (Some(low), None) => Some(format!("{low}..")),
        (None, Some(high)) => Some(format!("..={high}")),
        (Some(low), Some(high)) => Some(format!("{low}..={high}")),
    }
}
