//! Where the types mean to differ from the schema, and by how much.
//!
//! A tolerance is no licence to ignore a difference. Each rule rewrites the schema
//! so that it says what the types promise, and the oracle judges by that; a value
//! that the rewritten schema refuses must still be refused, one that it takes must
//! be taken. The rules apply one after the other, and a value whose verdict
//! changed is counted under the rule that changed it.

use serde_json::{Map, Value, json};

use super::subject::{Direction, Subject};
use super::walk;
pub use constant::tag;

mod constant;
mod relax;
pub mod step;

/// A rule of tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The generator said, with a diagnostic, that it takes any value here.
    Degraded,
    /// `properties` without `type` describe an object, `items` an array.
    ImpliedType,
    /// An input without a usable schema is any object: so much is certain of a call.
    InputObject,
    /// A file's bit rate is anything, its frame rate and duration any number.
    FileFamily,
    /// An integer must fit into 64 bits, unless the schema asks for more.
    IntegerRange,
    /// The discriminator of a union must name the member.
    Discriminator,
    /// A constant is an enum of one value, unless the caller must send it or it
    /// tells the members of a union apart.
    Constant,
    /// An enum takes values that the schema does not list.
    OpenEnum,
    /// Undeclared members are ignored, even where the schema forbids them.
    UnknownField,
    /// A value may fit several members of `oneOf`.
    OneOf,
    /// A fractional step such as `0.1` has no exact binary form, so a number is a
    /// multiple of it to nine digits.
    FloatStep,
    /// A tuple has exactly the items that it lists.
    TupleLength,
    /// Bounds, lengths and patterns are not demanded of what comes back.
    OutputRules,
    /// An option may be sent and come back as `null`.
    NullForAbsent,
    /// A required member that may be `null` may be absent.
    AbsentForNull,
}

/// All rules, in the order in which they apply.
pub const RULES: [Rule; 15] = [
    Rule::Degraded,
    Rule::ImpliedType,
    Rule::InputObject,
    Rule::FileFamily,
    Rule::IntegerRange,
    Rule::Discriminator,
    Rule::Constant,
    Rule::OpenEnum,
    Rule::UnknownField,
    Rule::OneOf,
    Rule::FloatStep,
    Rule::TupleLength,
    Rule::OutputRules,
    Rule::NullForAbsent,
    Rule::AbsentForNull,
];

impl Rule {
    /// The rule's name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Degraded => "degraded",
            Self::ImpliedType => "implied-type",
            Self::InputObject => "input-object",
            Self::FileFamily => "file-family",
            Self::Discriminator => "discriminator",
            Self::Constant => "constant",
            Self::OpenEnum => "open-enum",
            Self::UnknownField => "unknown-field",
            Self::OneOf => "one-of",
            Self::IntegerRange => "integer-range",
            Self::FloatStep => "float-step",
            Self::TupleLength => "tuple-length",
            Self::OutputRules => "output-rules",
            Self::NullForAbsent => "null-for-absent",
            Self::AbsentForNull => "absent-for-null",
        }
    }

    /// Rewrites a schema by this rule. [`Rule::Degraded`] needs the diagnostics
    /// and is applied to the document: see [`degrade`].
    pub fn apply(self, subject: &Subject, direction: Direction) -> Subject {
        match self {
            Self::Constant => return constant::open(subject, direction),
            Self::InputObject if direction == Direction::Input => {
                return relax::input_object(subject);
            }
            _ => {}
        }
        let mut relaxed = subject.clone();
        walk::subject_mut(&mut relaxed.root, &mut |schema| {
            if let Value::Object(keywords) = schema {
                self.relax(keywords, subject, direction);
            }
        });
        relaxed
    }

    fn relax(self, keywords: &mut Map<String, Value>, subject: &Subject, direction: Direction) {
        match self {
            Self::Degraded | Self::Constant | Self::InputObject => {}
            Self::ImpliedType => relax::implied_type(keywords),
            Self::FileFamily => relax::file_family(keywords, subject),
            Self::Discriminator => constant::discriminator(keywords),
            Self::OpenEnum => relax::open_enum(keywords),
            Self::UnknownField => relax::unknown_field(keywords),
            Self::OneOf => relax::one_of(keywords),
            Self::IntegerRange => relax::integer_range(keywords),
            Self::FloatStep => relax::float_step(keywords),
            Self::TupleLength => relax::tuple_length(keywords),
            Self::OutputRules if direction == Direction::Output => relax::output_rules(keywords),
            Self::OutputRules => {}
            Self::NullForAbsent => relax::null_for_absent(keywords),
            Self::AbsentForNull => relax::absent_for_null(keywords, subject),
        }
    }
}

/// What the generator said it could not keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss<'a> {
    /// The schema at this pointer: any value is taken.
    Schema(&'a str),
    /// The keyword at this pointer: it is not checked, the schema's others are.
    Keyword(&'a str),
    /// The alternatives at this pointer: none of them is demanded.
    Choice(&'a str),
    /// What the schema at this pointer requires and does not declare.
    Requirement(&'a str),
}

/// Takes out of a document what the generator said it could not keep.
pub fn degrade(document: &mut Value, losses: &[Loss<'_>]) {
    for loss in losses {
        match *loss {
            Loss::Schema(pointer) => {
                if let Some(schema) = document.pointer_mut(pointer) {
                    *schema = json!({});
                }
            }
            Loss::Requirement(pointer) => {
                document.pointer_mut(pointer).map(relax::require_declared);
            }
            Loss::Keyword(pointer) | Loss::Choice(pointer) => {
                let place = pointer.rsplit_once('/');
                let Some((schema, keyword)) = place
                    .and_then(|(schema, keyword)| Some((document.pointer_mut(schema)?, keyword)))
                else {
                    continue;
                };
                match (loss, schema) {
                    (Loss::Choice(_), Value::Object(keywords)) => {
                        keywords.remove(keyword);
                    }
                    (_, schema) => relax::uncheck(schema, keyword),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Loss, RULES, Rule, degrade};
    use crate::verify::subject::{Direction, Subject};

    fn relaxed(rule: Rule, direction: Direction, schema: Value) -> Value {
        let root = json!({ "subject": schema });
        rule.apply(&Subject { root }, direction).schema().clone()
    }

    #[test]
    fn an_open_enum_keeps_its_type() {
        let schema = json!({ "enum": ["a", null] });
        let expected = json!({ "type": ["null", "string"] });
        assert_eq!(relaxed(Rule::OpenEnum, Direction::Input, schema), expected);
        let mixed = json!({ "enum": ["a", 0.5] });
        assert_eq!(
            relaxed(Rule::OpenEnum, Direction::Input, mixed.clone()),
            mixed
        );
    }

    #[test]
    fn only_files_have_loose_facts() {
        let object = |fact: &str, required: Value| {
            json!({
                "properties": { "url": { "type": "string" }, fact: { "type": "integer" } },
                "required": required,
            })
        };
        let file = relaxed(
            Rule::FileFamily,
            Direction::Output,
            object("fps", json!(["url"])),
        );
        assert_eq!(file["properties"]["fps"]["type"], "number");
        for other in [
            object("seed", json!(["url"])),
            object("fps", json!(["url", "fps"])),
        ] {
            assert_eq!(
                relaxed(Rule::FileFamily, Direction::Output, other.clone()),
                other
            );
        }
    }

    #[test]
    fn constants_are_open_unless_they_are_sent_or_tell_members_apart() {
        let object =
            |tag: &str| json!({ "properties": { "kind": { "const": tag } }, "required": ["kind"] });
        let open = json!({ "type": "string" });
        let received = relaxed(Rule::Constant, Direction::Output, object("a"));
        assert_eq!(received["properties"]["kind"], open);
        assert_eq!(
            relaxed(Rule::Constant, Direction::Input, object("a")),
            object("a")
        );
        let union = json!({ "anyOf": [object("a"), object("b")] });
        assert_eq!(
            relaxed(Rule::Constant, Direction::Output, union.clone()),
            union
        );
        let listed = |tag: &str| json!({ "properties": { "kind": { "enum": [tag] } }, "required": ["kind"] });
        let telling = json!({ "anyOf": [listed("a"), listed("b")] });
        assert_eq!(relaxed(Rule::Constant, Direction::Output, telling), union);
        let same = json!({ "anyOf": [listed("a"), listed("a")] });
        assert_eq!(
            relaxed(Rule::Constant, Direction::Output, same.clone()),
            same
        );
        let optional = json!({ "properties": { "kind": { "const": "a" } } });
        let optional = relaxed(Rule::Constant, Direction::Input, optional);
        assert_eq!(optional["properties"]["kind"], open);
    }

    #[test]
    fn a_discriminator_names_the_member() {
        let union = json!({
            "oneOf": [{ "$ref": "#/components/schemas/Cat" }],
            "discriminator": { "propertyName": "kind", "mapping": { "cat": "#/components/schemas/Cat" } },
        });
        let union = relaxed(Rule::Discriminator, Direction::Input, union);
        assert_eq!(
            union["oneOf"][0]["allOf"][1]["properties"]["kind"]["const"],
            "cat"
        );
    }

    #[test]
    fn rules_fall_in_outputs_only_and_widths_stay() {
        let schema = json!({ "type": "integer", "maximum": 3 });
        let kept = relaxed(Rule::OutputRules, Direction::Input, schema.clone());
        assert_eq!(kept, schema);
        let gone = relaxed(Rule::OutputRules, Direction::Output, schema);
        assert_eq!(gone, json!({ "type": "integer" }));
        let tuple = json!({ "type": "integer", "prefixItems": [{}, {}], "uniqueItems": true });
        let tuple = [Rule::IntegerRange, Rule::TupleLength, Rule::OutputRules]
            .iter()
            .fold(tuple, |tuple, rule| {
                relaxed(*rule, Direction::Output, tuple)
            });
        assert_eq!(tuple["minItems"], 2);
        assert_eq!(tuple["allOf"][0]["maximum"], i64::MAX);
        assert!(tuple.get("uniqueItems").is_none());
    }

    #[test]
    fn options_take_null_and_required_nullables_may_be_absent() {
        let schema = json!({
            "properties": { "a": { "type": "string" }, "b": { "type": ["string", "null"] } },
            "required": ["b"],
        });
        let nulls = relaxed(Rule::NullForAbsent, Direction::Input, schema.clone());
        assert_eq!(
            nulls["properties"]["a"]["anyOf"][1],
            json!({ "type": "null" })
        );
        assert_eq!(nulls["properties"]["b"], schema["properties"]["b"]);
        let absent = relaxed(Rule::AbsentForNull, Direction::Input, schema);
        assert_eq!(absent["required"], json!([]));
    }

    #[test]
    fn integers_are_held_to_the_width_that_their_bounds_need() {
        let range = |maximum: Value| {
            let schema = json!({ "type": "integer", "minimum": 0, "maximum": maximum });
            let schema = relaxed(Rule::IntegerRange, Direction::Input, schema);
            schema
                .pointer("/allOf/0/maximum")
                .cloned()
                .unwrap_or_default()
        };
        assert_eq!(range(json!(10)), json!(i64::MAX));
        assert_eq!(range(json!(9_223_372_036_854_776_000_u64)), json!(i64::MAX));
        assert_eq!(
            range(json!(18_446_744_073_709_551_615_u64)),
            json!(u64::MAX)
        );
        assert_eq!(range(json!(1e30)), Value::Null);
    }

    #[test]
    fn degrading_takes_out_a_schema_or_one_of_its_keywords() {
        let mut document = json!({
            "a": { "pattern": "(?=x)", "type": "string" },
            "b": { "not": {} },
            "c": { "anyOf": [{ "type": "integer", "minimum": 3 }, { "type": "integer", "maximum": 1 }] },
            "d": { "minimum": 3 },
            "e": { "oneOf": [{ "required": ["a"] }], "type": "object" },
            "f": { "enum": [1, u64::MAX] },
        });
        let losses = [
            Loss::Keyword("/a/pattern"),
            Loss::Schema("/b"),
            Loss::Keyword("/c/anyOf"),
            Loss::Keyword("/d/type"),
            Loss::Choice("/e/oneOf"),
            Loss::Keyword("/f/enum"),
            Loss::Schema("/missing"),
        ];
        degrade(&mut document, &losses);
        let integer = json!({ "type": "integer" });
        let expected = json!({
            "a": { "type": "string" }, "b": {}, "c": { "anyOf": [integer, integer] }, "d": {},
            "e": { "type": "object" }, "f": { "type": "integer", "minimum": 0, "maximum": u64::MAX },
        });
        assert_eq!(document, expected);
    }

    #[test]
    fn an_input_that_says_nothing_is_an_object() {
        let anything = relaxed(
            Rule::InputObject,
            Direction::Input,
            json!({ "default": {} }),
        );
        assert_eq!(anything["type"], "object");
        let text = json!({ "type": "string" });
        assert_eq!(
            relaxed(Rule::InputObject, Direction::Input, text.clone()),
            text
        );
        assert_eq!(
            relaxed(Rule::InputObject, Direction::Output, json!({})),
            json!({})
        );
    }

    #[test]
    fn every_rule_has_a_name_of_its_own() {
        let mut names: Vec<_> = RULES.iter().map(|rule| rule.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
        assert!(
            RULES.is_sorted(),
            "a rule's number is its place in the list"
        );
    }
}
