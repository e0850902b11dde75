//! Every fixture's expected Rust, compiled with all warnings denied.
//!
//! A fixture that does not compile, that clippy or rustdoc complain about, or that turns a description into a doctest
//! cannot pass. The modules behind cargo features (`gates`) are compared as text only.
#![deny(warnings, missing_docs)]

/// The fixture `all_of`.
#[rustfmt::skip]
#[path = "../../fixtures/all_of/expected"]
pub mod all_of {
    pub mod endpoints;
}

/// The fixture `alternatives`.
#[rustfmt::skip]
#[path = "../../fixtures/alternatives/expected"]
pub mod alternatives {
    pub mod endpoints;
}

/// The fixture `bad_documents`.
#[rustfmt::skip]
#[path = "../../fixtures/bad_documents/expected"]
pub mod bad_documents {
    pub mod endpoints;
}

/// The fixture `both_ways`.
#[rustfmt::skip]
#[path = "../../fixtures/both_ways/expected"]
pub mod both_ways {
    pub mod endpoints;
}

/// The fixture `bounds`.
#[rustfmt::skip]
#[path = "../../fixtures/bounds/expected"]
pub mod bounds {
    pub mod endpoints;
}

/// The fixture `constants`.
#[rustfmt::skip]
#[path = "../../fixtures/constants/expected"]
pub mod constants {
    pub mod endpoints;
}

/// The fixture `cycles`.
#[rustfmt::skip]
#[path = "../../fixtures/cycles/expected"]
pub mod cycles {
    pub mod endpoints;
}

/// The fixture `dangling`.
#[rustfmt::skip]
#[path = "../../fixtures/dangling/expected"]
pub mod dangling {
    pub mod endpoints;
}

/// The fixture `defaults`.
#[rustfmt::skip]
#[path = "../../fixtures/defaults/expected"]
pub mod defaults {
    pub mod endpoints;
}

/// The fixture `descriptions`.
#[rustfmt::skip]
#[path = "../../fixtures/descriptions/expected"]
pub mod descriptions {
    pub mod endpoints;
}

/// The fixture `discriminator`.
#[rustfmt::skip]
#[path = "../../fixtures/discriminator/expected"]
pub mod discriminator {
    pub mod endpoints;
}

/// The fixture `empty`.
#[rustfmt::skip]
#[path = "../../fixtures/empty/expected"]
pub mod empty {
    pub mod endpoints;
}

/// The fixture `enum_names`.
#[rustfmt::skip]
#[path = "../../fixtures/enum_names/expected"]
pub mod enum_names {
    pub mod endpoints;
}

/// The fixture `examples`.
#[rustfmt::skip]
#[path = "../../fixtures/examples/expected"]
pub mod examples {
    pub mod endpoints;
}

/// The fixture `facts`.
#[rustfmt::skip]
#[path = "../../fixtures/facts/expected"]
pub mod facts {
    pub mod endpoints;
}

/// The fixture `families`.
#[rustfmt::skip]
#[path = "../../fixtures/families/expected"]
pub mod families {
    pub mod endpoints;
}

/// The fixture `files`.
#[rustfmt::skip]
#[path = "../../fixtures/files/expected"]
pub mod files {
    pub mod endpoints;
}

/// The fixture `hints`.
#[rustfmt::skip]
#[path = "../../fixtures/hints/expected"]
pub mod hints {
    pub mod endpoints;
}

/// The fixture `integer_enums`.
#[rustfmt::skip]
#[path = "../../fixtures/integer_enums/expected"]
pub mod integer_enums {
    pub mod endpoints;
}

/// The fixture `lists`.
#[rustfmt::skip]
#[path = "../../fixtures/lists/expected"]
pub mod lists {
    pub mod endpoints;
}

/// The fixture `long_names`.
#[rustfmt::skip]
#[path = "../../fixtures/long_names/expected"]
pub mod long_names {
    pub mod endpoints;
}

/// The fixture `malformed`.
#[rustfmt::skip]
#[path = "../../fixtures/malformed/expected"]
pub mod malformed {
    pub mod endpoints;
}

/// The fixture `maps`.
#[rustfmt::skip]
#[path = "../../fixtures/maps/expected"]
pub mod maps {
    pub mod endpoints;
}

/// The fixture `method_names`.
#[rustfmt::skip]
#[path = "../../fixtures/method_names/expected"]
pub mod method_names {
    pub mod endpoints;
}

/// The fixture `module_names`.
#[rustfmt::skip]
#[path = "../../fixtures/module_names/expected"]
pub mod module_names {
    pub mod endpoints;
}

/// The fixture `nesting`.
#[rustfmt::skip]
#[path = "../../fixtures/nesting/expected"]
pub mod nesting {
    pub mod endpoints;
}

/// The fixture `nullable`.
#[rustfmt::skip]
#[path = "../../fixtures/nullable/expected"]
pub mod nullable {
    pub mod endpoints;
}

/// The fixture `open_enums`.
#[rustfmt::skip]
#[path = "../../fixtures/open_enums/expected"]
pub mod open_enums {
    pub mod endpoints;
}

/// The fixture `preset_or_custom`.
#[rustfmt::skip]
#[path = "../../fixtures/preset_or_custom/expected"]
pub mod preset_or_custom {
    pub mod endpoints;
}

/// The fixture `property_names`.
#[rustfmt::skip]
#[path = "../../fixtures/property_names/expected"]
pub mod property_names {
    pub mod endpoints;
}

/// The fixture `recursion`.
#[rustfmt::skip]
#[path = "../../fixtures/recursion/expected"]
pub mod recursion {
    pub mod endpoints;
}

/// The fixture `references`.
#[rustfmt::skip]
#[path = "../../fixtures/references/expected"]
pub mod references {
    pub mod endpoints;
}

/// The fixture `required_values`.
#[rustfmt::skip]
#[path = "../../fixtures/required_values/expected"]
pub mod required_values {
    pub mod endpoints;
}

/// The fixture `roots`.
#[rustfmt::skip]
#[path = "../../fixtures/roots/expected"]
pub mod roots {
    pub mod endpoints;
}

/// The fixture `text_rules`.
#[rustfmt::skip]
#[path = "../../fixtures/text_rules/expected"]
pub mod text_rules {
    pub mod endpoints;
}

/// The fixture `tuples`.
#[rustfmt::skip]
#[path = "../../fixtures/tuples/expected"]
pub mod tuples {
    pub mod endpoints;
}

/// The fixture `type_names`.
#[rustfmt::skip]
#[path = "../../fixtures/type_names/expected"]
pub mod type_names {
    pub mod endpoints;
}

/// The fixture `unions`.
#[rustfmt::skip]
#[path = "../../fixtures/unions/expected"]
pub mod unions {
    pub mod endpoints;
}
