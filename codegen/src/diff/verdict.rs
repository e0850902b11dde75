//! The table of classes: for each kind of change and direction, how severe it is for programs and for requests and results
//! as JSON, and the reason.
//!
//! The table assumes that generated structs and enums are `#[non_exhaustive]`, that `new` takes the required fields of an
//! input, that enums keep unknown values in `Other`, and that fal's servers ignore members that they do not know. Where the
//! class depends on more than kind and direction, the comparison overrides it.

use super::change::Class::{self, Additive, Breaking, Documentation, None};
use super::change::Direction;
use super::kind::Kind;

/// Two classes and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) rust: Class,
    pub(super) wire: Class,
    pub(super) reason: &'static str,
}

type Row = (Class, Class, &'static str);

/// The classes of a change, unless the comparison has reasons for others.
pub(super) fn verdict(kind: Kind, direction: Option<Direction>) -> Verdict {
    let sent = direction != Some(Direction::Output);
    let (rust, wire, reason) = endpoint(kind)
        .or_else(|| presence(kind, sent))
        .or_else(|| member(kind, sent))
        .or_else(|| ty(kind))
        .or_else(|| choice(kind, sent))
        .or_else(|| rule(kind, sent))
        .unwrap_or_else(|| of_documentation(kind));
    Verdict { rust, wire, reason }
}

fn endpoint(kind: Kind) -> Option<Row> {
    Some(match kind {
        Kind::EndpointAdded => (
            Additive,
            Additive,
            "a new module; existing paths stay as they are",
        ),
        Kind::EndpointRemoved => (Breaking, Breaking, "its module is gone, and calls fail"),
        Kind::CategoryChanged => (
            Documentation,
            None,
            "descriptive only; the cargo feature stays",
        ),
        Kind::AboutChanged => (Documentation, None, "text about the model"),
        Kind::LinksChanged => (Documentation, None, "links to further reading"),
        Kind::PriceChanged => (
            Documentation,
            None,
            "calls cost a different amount; how they are made stays the same",
        ),
        Kind::ModuleRenamed => (Breaking, None, "every path to its types changes"),
        Kind::FeatureChanged => (Breaking, None, "programs must enable another cargo feature"),
        _ => return Option::None,
    })
}

fn presence(kind: Kind, sent: bool) -> Option<Row> {
    Some(match (kind, sent) {
        (Kind::PropertyAdded, true) => (
            Additive,
            Additive,
            "one more option; leaving it out keeps the model's default",
        ),
        (Kind::PropertyAdded, false) => (
            Additive,
            Additive,
            "one more field; readers ignore what they do not know",
        ),
        (Kind::RequiredPropertyAdded, true) => (
            Breaking,
            Breaking,
            "`new` takes one more argument, and requests without it are refused",
        ),
        (Kind::RequiredPropertyAdded, false) => (
            Additive,
            Additive,
            "one more field, which is always present",
        ),
        (Kind::PropertyRemoved, true) => (
            Breaking,
            Documentation,
            "the field is gone; servers ignore members that they do not know, so old requests still work, but without its effect",
        ),
        (Kind::PropertyRemoved, false) => (
            Breaking,
            Breaking,
            "the field is gone, and readers no longer find it",
        ),
        (Kind::BecameRequired, true) => (
            Breaking,
            Breaking,
            "`new` takes it now, and requests without it are refused",
        ),
        (Kind::BecameRequired, false) => (
            Breaking,
            Additive,
            "the field is no longer an `Option`; results always have it",
        ),
        (Kind::BecameOptional, true) => (
            Breaking,
            Additive,
            "the field is an `Option` now and no argument of `new`; requests may leave it out",
        ),
        (Kind::BecameOptional, false) => (
            Breaking,
            Breaking,
            "the field is an `Option` now; results may lack it",
        ),
        (Kind::BecameNullable, true) => (
            Breaking,
            Additive,
            "the Rust type can hold `null` now; requests may send it, and it differs from leaving the member out",
        ),
        (Kind::BecameNullable, false) => (
            Breaking,
            Breaking,
            "the Rust type can hold `null` now; results may hold it",
        ),
        (Kind::BecameNonNullable, true) => (
            Breaking,
            Breaking,
            "the Rust type can no longer hold `null`; requests that send it are refused",
        ),
        (Kind::BecameNonNullable, false) => (
            Breaking,
            Additive,
            "the Rust type can no longer hold `null`; results never hold it",
        ),
        _ => return Option::None,
    })
}

fn member(kind: Kind, sent: bool) -> Option<Row> {
    Some(match (kind, sent) {
        (Kind::ConstantAdded, true) => (
            None,
            Breaking,
            "generated code sends it by itself; requests without it are refused",
        ),
        (Kind::ConstantAdded, false) => (
            None,
            Additive,
            "one more member that is always present; it is not a field",
        ),
        (Kind::ConstantRemoved, true) => (
            None,
            Documentation,
            "it was not a field; servers ignore members that they do not know",
        ),
        (Kind::ConstantRemoved, false) => (
            None,
            Breaking,
            "it was not a field; readers of the JSON no longer find it",
        ),
        (Kind::ConstantChanged, true) => (
            None,
            Breaking,
            "generated code sends the new value by itself; requests with the old one are refused",
        ),
        (Kind::ConstantChanged, false) => (
            None,
            Breaking,
            "it is not a field; readers that look for the old value do not find it",
        ),
        (Kind::BecameConstant, true) => (
            Breaking,
            Breaking,
            "the field is gone, as generated code fills it in; requests with another value are refused",
        ),
        (Kind::BecameConstant, false) => (
            Breaking,
            Additive,
            "the field is gone, as its value is always the same",
        ),
        (Kind::BecameVariable, true) => (
            Breaking,
            Additive,
            "`new` takes it now; requests may send other values",
        ),
        (Kind::BecameVariable, false) => (
            Additive,
            Breaking,
            "it is a field now; results may hold other values",
        ),
        (Kind::ExtraMembersAdded, true) => (
            Additive,
            Additive,
            "a new field `extra` takes further members",
        ),
        (Kind::ExtraMembersAdded, false) => (
            Additive,
            Additive,
            "a new field `extra` holds further members",
        ),
        (Kind::ExtraMembersRemoved, true) => (
            Breaking,
            Documentation,
            "the field `extra` is gone; servers ignore members that they do not know",
        ),
        (Kind::ExtraMembersRemoved, false) => (
            Breaking,
            Breaking,
            "the field `extra` is gone; further members are no longer promised",
        ),
        (Kind::UndeclaredForbidden, true) => (
            Documentation,
            Breaking,
            "the API is unchanged; requests with members that the schema does not declare are refused",
        ),
        (Kind::UndeclaredForbidden, false) => (
            Documentation,
            Additive,
            "the API is unchanged; results promise to hold nothing else",
        ),
        (Kind::UndeclaredAllowed, true) => (
            Documentation,
            Additive,
            "the API is unchanged; requests may hold further members",
        ),
        (Kind::UndeclaredAllowed, false) => (
            Documentation,
            Additive,
            "the API is unchanged; readers ignore members that they do not know",
        ),
        _ => return Option::None,
    })
}

fn ty(kind: Kind) -> Option<Row> {
    Some(match kind {
        Kind::TypeChanged => (Breaking, Breaking, "the Rust type changes"),
        Kind::TypeRenamed => (
            Breaking,
            None,
            "programs that name the Rust type no longer compile; the JSON is the same",
        ),
        Kind::FieldRenamed => (
            Breaking,
            None,
            "the Rust field has another name; the JSON is the same",
        ),
        Kind::VariantRenamed => (
            Breaking,
            None,
            "the Rust variant has another name; the JSON is the same",
        ),
        Kind::ParametersReordered => (
            Breaking,
            None,
            "`new` takes its arguments in another order; the JSON is the same",
        ),
        Kind::SignatureChanged => (Breaking, None, "a public item has another signature"),
        Kind::TypeUnshared => (
            Breaking,
            None,
            "the shared type is now a different one, or lives in another module; the JSON is the same",
        ),
        Kind::BecameMedia => (
            Breaking,
            None,
            "the Rust type is `Media` now; the server reads the same text",
        ),
        Kind::BecameText => (
            Breaking,
            None,
            "the Rust type is `String` now; the server reads the same text",
        ),
        _ => return Option::None,
    })
}

fn choice(kind: Kind, sent: bool) -> Option<Row> {
    Some(match (kind, sent) {
        (Kind::EnumValueAdded, true) => (Additive, Additive, "one more value is accepted"),
        (Kind::EnumValueAdded, false) => (
            Additive,
            Additive,
            "one more value may be returned; unknown ones are kept in `Other`",
        ),
        (Kind::EnumValueRemoved, true) => (
            Breaking,
            Breaking,
            "the variant is gone, and the server refuses the value",
        ),
        (Kind::EnumValueRemoved, false) => (
            Breaking,
            Additive,
            "the variant is gone; the value is no longer returned",
        ),
        (Kind::EnumOpened, true) => (
            Documentation,
            Additive,
            "the API is unchanged; the server takes any other value too",
        ),
        (Kind::EnumOpened, false) => (
            Documentation,
            Additive,
            "any other value may be returned; unknown ones are kept in `Other`",
        ),
        (Kind::EnumClosed, true) => (
            Documentation,
            Breaking,
            "the API is unchanged; the server refuses values that are not listed",
        ),
        (Kind::EnumClosed, false) => (
            Documentation,
            Additive,
            "the API is unchanged; only listed values are returned",
        ),
        (Kind::EnumReordered, _) => (
            Documentation,
            None,
            "`ALL` lists the values in another order",
        ),
        (Kind::UnionMemberAdded, true) => (Additive, Additive, "one more form is accepted"),
        (Kind::UnionMemberAdded, false) => (
            Additive,
            Breaking,
            "the enum has one more variant; results may have a form that old readers do not know",
        ),
        (Kind::UnionMemberRemoved, true) => (
            Breaking,
            Breaking,
            "the variant is gone, and the server refuses the form",
        ),
        (Kind::UnionMemberRemoved, false) => (
            Breaking,
            Additive,
            "the variant is gone; the form is no longer returned",
        ),
        _ => return Option::None,
    })
}

fn rule(kind: Kind, sent: bool) -> Option<Row> {
    Some(match (kind, sent) {
        (Kind::BoundAdded | Kind::BoundTightened, true) => (
            Documentation,
            Breaking,
            "the API is unchanged; the server, and so `validate`, now refuses values that were accepted",
        ),
        (Kind::BoundAdded | Kind::BoundTightened, false) => {
            (Documentation, Additive, "results promise more")
        }
        (Kind::BoundRemoved | Kind::BoundWidened, true) => (
            Additive,
            Additive,
            "the server, and so `validate`, accepts more values",
        ),
        (Kind::BoundRemoved | Kind::BoundWidened, false) => (
            Documentation,
            Breaking,
            "the API is unchanged; results may hold values that were excluded",
        ),
        (Kind::RuleChanged, true) => (
            Documentation,
            Breaking,
            "the API is unchanged; values that followed the old rule may break the new one",
        ),
        (Kind::RuleChanged, false) => (
            Documentation,
            Breaking,
            "the API is unchanged; results may hold values that were excluded",
        ),
        _ => return Option::None,
    })
}

/// The classes of a change of documentation: of a text, or of a default, which changes the meaning of calls that leave the
/// value out.
fn of_documentation(kind: Kind) -> Row {
    let reason = match kind {
        Kind::DefaultAdded | Kind::DefaultRemoved => {
            "requests stay valid; what leaving it out means is described differently"
        }
        Kind::DefaultChanged => {
            "requests stay valid; one that leaves it out now means something else"
        }
        Kind::FormatChanged => "formats are documented, not checked",
        Kind::Deprecated => "it still works; its documentation says so",
        Kind::Undeprecated => "its documentation says so",
        _ => "text for people",
    };
    (Documentation, Documentation, reason)
}
