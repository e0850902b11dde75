//! Every fixture of the generator: the files and the diagnostics are exactly the expected ones.
//!
//! That the files compile, and mean what they should, is tested in `tests/compiled`.

use fal_tests::fixture;

macro_rules! fixtures {
    ($($case:ident),* $(,)?) => {
        $(
            #[test]
            fn $case() {
                fixture::check(stringify!($case));
            }
        )*

        /// A folder without a test would be a promise that nobody keeps.
        #[test]
        fn every_fixture_is_tested() {
            let mut tested = vec![$(stringify!($case)),*];
            tested.sort_unstable();
            assert_eq!(fixture::cases(), tested);
        }
    };
}

fixtures! {
    all_of,
    alternatives,
    bad_documents,
    both_ways,
    bounds,
    constants,
    cycles,
    dangling,
    defaults,
    descriptions,
    discriminator,
    empty,
    enum_names,
    examples,
    facts,
    families,
    files,
    gates,
    hints,
    integer_enums,
    lists,
    long_names,
    malformed,
    maps,
    method_names,
    module_names,
    nesting,
    nullable,
    open_enums,
    preset_or_custom,
    property_names,
    recursion,
    references,
    required_values,
    roots,
    text_rules,
    tuples,
    type_names,
    unions,
}
