//! `Validate`: the rules of a schema as calls of the validator.

use proc_macro2::Literal as Token;
use serde_json::Number;

use super::default::{float, integer};
use super::scope::Scope;
use super::structure::Writer;
use crate::constraint::Argument;
use crate::ir::{ConstrainedType, Shape, TypeRef};
use crate::json::{self, Type};

/// The widest line of a call; a wider one is broken argument by argument.
const WIDTH: usize = 96;

impl Writer<'_> {
    /// The lines of `impl Validate`.
    pub(super) fn validate(&self) -> String {
        self.scope.import("@::endpoint", "Validate");
        let mut checks = Vec::new();
        for (field, name) in self.fields() {
            let value = format!("&self.{name}");
            checks.extend(self.scope.checks(&field.wire, &value, &field.value));
        }
        if let (Some(constrained), Some((name, _))) = (
            &self.object.additional_properties,
            self.additional_properties(),
        ) {
            let members = TypeRef::Map(constrained.clone()).into();
            checks.extend(self.scope.checks("", &format!("&self.{name}"), &members));
        }
        if checks.is_empty() {
            return format!("impl Validate for {} {{}}\n", self.name);
        }
        self.scope.import("@::endpoint", "Validator");
        let checks = print(&checks, 2);
        format!(
            "impl Validate for {} {{\n    fn check(&self, check: &mut Validator) {{\n{checks}    }}\n}}\n",
            self.name
        )
    }
}

/// A call of the validator.
pub(super) struct Check {
    method: &'static str,
    arguments: Vec<String>,
    /// The checks of each item, where the call goes through a list or into a tuple.
    inner: Vec<Check>,
}

impl Check {
    fn new(method: &'static str, wire: &str, value: &str, rule: Option<String>) -> Self {
        let wire = Token::string(wire).to_string();
        Self {
            method,
            arguments: [wire, value.to_owned()].into_iter().chain(rule).collect(),
            inner: Vec::new(),
        }
    }
}

fn print(checks: &[Check], depth: usize) -> String {
    let indent = "    ".repeat(depth);
    let mut text = String::new();
    for check in checks {
        let method = check.method;
        let arguments = check.arguments.join(", ");
        let line = format!("{indent}check.{method}({arguments});");
        if !check.inner.is_empty() {
            let inner = print(&check.inner, depth + 1);
            text.push_str(&format!(
                "{indent}check.{method}({arguments}, |check, item| {{\n{inner}{indent}}});\n"
            ));
        } else if line.chars().count() <= WIDTH {
            text.push_str(&format!("{line}\n"));
        } else {
            text.push_str(&format!("{indent}check.{method}(\n"));
            for argument in &check.arguments {
                text.push_str(&format!("{indent}    {argument},\n"));
            }
            text.push_str(&format!("{indent});\n"));
        }
    }
    text
}

impl Scope<'_> {
    /// A call for each rule of a value and of what is in it.
    fn checks(&self, wire: &str, value: &str, constrained: &ConstrainedType) -> Vec<Check> {
        let mut checks = own_checks(wire, value, constrained);
        match &constrained.ty {
            TypeRef::Named(id) | TypeRef::Boxed(id) => {
                if self.has_rules(*id) {
                    checks.push(Check::new("nested", wire, value, None));
                }
            }
            // Whether a text is a URL is the business of its type.
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

    /// Rules of numbers and texts find their way into containers by themselves;
    /// only a list inside a list is gone through by hand.
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

    /// The rule of a union's variant, as the macro takes it.
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

/// Whether a list or a map stands here whose items are counted or compared.
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

/// A number as it is written in Rust, where it is compared with values of a type.
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
