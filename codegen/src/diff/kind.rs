//! The kinds of changes.

use std::fmt;

/// Declares the kinds with their stable texts.
macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// The kind of a change. The text of a kind never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[$meta])* $name,)*
        }

        impl Kind {
            /// All kinds of changes.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text, such as `enum-value-removed`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

kinds! {
    /// The endpoint was added.
    EndpointAdded = "endpoint-added",
    /// The endpoint was removed.
    EndpointRemoved = "endpoint-removed",
    /// The category of the model changed.
    CategoryChanged = "category-changed",
    /// The name or the description of the model changed.
    AboutChanged = "about-changed",
    /// The links to further documentation changed.
    LinksChanged = "links-changed",
    /// The price of calls changed.
    PriceChanged = "price-changed",
    /// The path of the endpoint's module changed.
    ModuleRenamed = "module-renamed",
    /// The cargo feature of the endpoint changed.
    FeatureChanged = "feature-changed",
    /// An optional property was added.
    PropertyAdded = "property-added",
    /// A required property was added.
    RequiredPropertyAdded = "required-property-added",
    /// A property was removed.
    PropertyRemoved = "property-removed",
    /// An optional property became required.
    BecameRequired = "became-required",
    /// A required property became optional.
    BecameOptional = "became-optional",
    /// A property can now be `null`, which means something else than leaving it out.
    BecameNullable = "became-nullable",
    /// A property can no longer be `null`, or `null` now means the same as leaving it out.
    BecameNonNullable = "became-non-nullable",
    /// A property with one fixed value was added.
    ConstantAdded = "constant-added",
    /// A property with one fixed value was removed.
    ConstantRemoved = "constant-removed",
    /// The fixed value of a property changed.
    ConstantChanged = "constant-changed",
    /// A property now has one fixed value.
    BecameConstant = "became-constant",
    /// A property that had one fixed value may have other values now.
    BecameVariable = "became-variable",
    /// The schema now describes additional properties.
    ExtraMembersAdded = "extra-members-added",
    /// The schema no longer describes additional properties.
    ExtraMembersRemoved = "extra-members-removed",
    /// The schema now forbids members that it does not declare.
    UndeclaredForbidden = "undeclared-members-forbidden",
    /// The schema no longer forbids members that it does not declare.
    UndeclaredAllowed = "undeclared-members-allowed",
    /// The type of a value changed.
    TypeChanged = "type-changed",
    /// The Rust type was renamed; the JSON stays the same.
    TypeRenamed = "type-renamed",
    /// The Rust field was renamed; the wire name stays.
    FieldRenamed = "field-renamed",
    /// The Rust variant was renamed; the wire value stays.
    VariantRenamed = "variant-renamed",
    /// `new` takes the same arguments in another order.
    ParametersReordered = "parameters-reordered",
    /// The signature of a public item changed, and no other change says so.
    SignatureChanged = "signature-changed",
    /// The type is no longer the one that other endpoints of the family use.
    TypeUnshared = "type-unshared",
    /// A string became a media URL, whose file can be uploaded.
    BecameMedia = "became-media",
    /// A media URL became a plain string.
    BecameText = "became-text",
    /// A value was added to an enum.
    EnumValueAdded = "enum-value-added",
    /// A value was removed from an enum.
    EnumValueRemoved = "enum-value-removed",
    /// An enum now takes any value of its type.
    EnumOpened = "enum-opened",
    /// An enum no longer takes values that it does not list.
    EnumClosed = "enum-closed",
    /// An enum lists its values in another order.
    EnumReordered = "enum-reordered",
    /// An alternative was added to a union.
    UnionMemberAdded = "union-member-added",
    /// An alternative was removed from a union.
    UnionMemberRemoved = "union-member-removed",
    /// A bound was added.
    BoundAdded = "bound-added",
    /// A bound was removed.
    BoundRemoved = "bound-removed",
    /// A bound became stricter.
    BoundTightened = "bound-tightened",
    /// A bound became looser.
    BoundWidened = "bound-widened",
    /// A constraint changed and became neither stricter nor looser.
    RuleChanged = "rule-changed",
    /// A default was added.
    DefaultAdded = "default-added",
    /// A default was removed.
    DefaultRemoved = "default-removed",
    /// A default changed to another value.
    DefaultChanged = "default-changed",
    /// The `format` of a string or a number changed, such as `date-time`.
    FormatChanged = "format-changed",
    /// The description of a property or a type changed.
    DescriptionChanged = "description-changed",
    /// The examples of a property or a type changed.
    ExamplesChanged = "examples-changed",
    /// Further notes in the documentation changed, such as limits in prose.
    NoteChanged = "note-changed",
    /// The document now marks a property or a type as deprecated.
    Deprecated = "deprecated",
    /// The document no longer marks a property or a type as deprecated.
    Undeprecated = "undeprecated",
}

impl Kind {
    /// Whether only texts for people changed.
    #[must_use]
    pub const fn is_wording(self) -> bool {
        matches!(
            self,
            Self::AboutChanged
                | Self::CategoryChanged
                | Self::LinksChanged
                | Self::FormatChanged
                | Self::DescriptionChanged
                | Self::ExamplesChanged
                | Self::NoteChanged
        )
    }

    /// Whether the whole endpoint was added or removed.
    #[must_use]
    pub const fn is_one_sided(self) -> bool {
        matches!(self, Self::EndpointAdded | Self::EndpointRemoved)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
