//! What can happen to an endpoint.

use std::fmt;

/// Declares the kinds with their words for machines.
macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// What happened. The text of a kind never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[$meta])* $name,)*
        }

        impl Kind {
            /// All kinds.
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
    /// The endpoint is new.
    EndpointAdded = "endpoint-added",
    /// The endpoint is gone.
    EndpointRemoved = "endpoint-removed",
    /// The category is another one.
    CategoryChanged = "category-changed",
    /// Name or description of the model are other ones.
    AboutChanged = "about-changed",
    /// The links are other ones.
    LinksChanged = "links-changed",
    /// Calls cost something else.
    PriceChanged = "price-changed",
    /// The endpoint's module has another path.
    ModuleRenamed = "module-renamed",
    /// The endpoint is behind another cargo feature.
    FeatureChanged = "feature-changed",
    /// A property is new that may be left out.
    PropertyAdded = "property-added",
    /// A property is new that must be there.
    RequiredPropertyAdded = "required-property-added",
    /// A property is gone.
    PropertyRemoved = "property-removed",
    /// A property that could be left out must be there.
    BecameRequired = "became-required",
    /// A property that had to be there may be left out.
    BecameOptional = "became-optional",
    /// `null` is a value of its own now.
    BecameNullable = "became-nullable",
    /// `null` is no value of its own any more.
    BecameNonNullable = "became-non-nullable",
    /// A property that always has one value is new.
    ConstantAdded = "constant-added",
    /// A property that always had one value is gone.
    ConstantRemoved = "constant-removed",
    /// The one value of a property is another one.
    ConstantChanged = "constant-changed",
    /// A property has one value only now.
    BecameConstant = "became-constant",
    /// A property that had one value only may have others now.
    BecameVariable = "became-variable",
    /// Members that are not declared are spoken of now.
    ExtraMembersAdded = "extra-members-added",
    /// Members that are not declared are not spoken of any more.
    ExtraMembersRemoved = "extra-members-removed",
    /// The value has another type.
    TypeChanged = "type-changed",
    /// The Rust type is called something else.
    TypeRenamed = "type-renamed",
    /// The Rust field is called something else; on the wire nothing changed.
    FieldRenamed = "field-renamed",
    /// The Rust variant is called something else; on the wire nothing changed.
    VariantRenamed = "variant-renamed",
    /// `new` takes the same arguments in another order.
    ParametersReordered = "parameters-reordered",
    /// A public item has another signature, and no other change says so.
    SignatureChanged = "signature-changed",
    /// The type is no longer the one that other endpoints of the family use.
    TypeUnshared = "type-unshared",
    /// A text became a URL of media that is uploaded on demand.
    BecameMedia = "became-media",
    /// A URL of media became a plain text.
    BecameText = "became-text",
    /// An enum has one more value.
    EnumValueAdded = "enum-value-added",
    /// An enum has one value less.
    EnumValueRemoved = "enum-value-removed",
    /// An enum lists its values in another order.
    EnumReordered = "enum-reordered",
    /// A union has one more form.
    UnionMemberAdded = "union-member-added",
    /// A union has one form less.
    UnionMemberRemoved = "union-member-removed",
    /// A value has a bound that it did not have.
    BoundAdded = "bound-added",
    /// A bound is gone.
    BoundRemoved = "bound-removed",
    /// A bound leaves less.
    BoundTightened = "bound-tightened",
    /// A bound leaves more.
    BoundWidened = "bound-widened",
    /// A rule is another one, neither stricter nor looser.
    RuleChanged = "rule-changed",
    /// A default is stated that was not.
    DefaultAdded = "default-added",
    /// A default is not stated any more.
    DefaultRemoved = "default-removed",
    /// The default is another one.
    DefaultChanged = "default-changed",
    /// The format is another one.
    FormatChanged = "format-changed",
    /// The description is another one.
    DescriptionChanged = "description-changed",
    /// The examples are other ones.
    ExamplesChanged = "examples-changed",
    /// Further facts, such as limits in words, are other ones.
    NoteChanged = "note-changed",
    /// It is called deprecated now.
    Deprecated = "deprecated",
    /// It is not called deprecated any more.
    Undeprecated = "undeprecated",
}

impl Kind {
    /// Whether nothing but words for people changed.
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

    /// Whether only one side has the endpoint.
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
