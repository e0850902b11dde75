//! Adding models, and updating them.

use crate::bench::{Crate, ID, document, server};

#[test]
fn a_model_is_added_with_everything_that_it_needs() {
    let (krate, server) = (Crate::new(), server([document(ID, 50)]));
    let said = krate.good(&server, &["add", "https://fal.ai/models/acme/sketch/api"]);
    for words in [
        "+ schemas/acme/sketch.json",
        "+fal-sdk = ",
        "+ build.rs",
        "include!(concat!(env!(\"OUT_DIR\"), \"/endpoints.rs\"));",
        "use crate::endpoints::acme::sketch::SketchInput;",
        "a lighthouse",
        "FAL_KEY",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let manifest = krate.read("Cargo.toml");
    assert!(manifest.contains("name = \"app\" # mine"), "{manifest}");
    for line in [
        "fal-sdk = {",
        "tokio = {",
        "[build-dependencies]\nfal-codegen = {",
    ] {
        assert!(manifest.contains(line), "{line}: {manifest}");
    }
    assert!(
        krate
            .read("build.rs")
            .contains("fal_codegen::build(\"schemas\");")
    );
    assert!(
        krate
            .read("schemas/acme/sketch.json")
            .starts_with("{\n  \"components\"")
    );
    let lock = krate.read("schemas/catalog.lock.json");
    assert!(
        lock.contains("\"acme/sketch\"") && lock.contains("\"sha256\""),
        "{lock}"
    );
    let files = krate.files();
    let again = krate.good(&server, &["add", ID]);
    assert!(again.contains("cargo fal update acme/sketch"), "{again}");
    assert!(krate.files() == files, "the second time changes nothing");
}

#[test]
fn a_dry_run_shows_the_changes_and_makes_none() {
    let (krate, server) = (Crate::new(), server([document(ID, 50)]));
    let before = krate.files();
    let said = krate.good(&server, &["add", ID, "--dry-run"]);
    assert!(
        said.contains("+ build.rs") && said.contains("nothing was changed"),
        "{said}"
    );
    assert!(krate.files() == before);
}

#[test]
fn a_build_script_of_the_users_own_is_never_changed() {
    let (krate, server) = (Crate::new(), server([document(ID, 50)]));
    krate.write("build.rs", "fn main() { /* mine */ }\n");
    let said = krate.good(&server, &["add", ID]);
    assert!(said.contains("build.rs is your own"), "{said}");
    assert!(said.contains("fal_codegen::build(\"schemas\");"), "{said}");
    assert_eq!(krate.read("build.rs"), "fn main() { /* mine */ }\n");
    krate.write(
        "build.rs",
        "fn main() { fal_codegen::build(\"schemas\"); }\n",
    );
    let said = krate.good(&server, &["add", ID]);
    assert!(!said.contains("your own"), "{said}");
}

#[test]
fn two_models_that_want_one_module_are_told_apart() {
    let documents = [document("acme/one-two", 9), document("acme/one_two", 9)];
    let (krate, server) = (Crate::new(), server(documents));
    krate.good(&server, &["add", "acme/one-two"]);
    let said = krate.good(&server, &["add", "acme/one_two"]);
    assert!(said.contains("have the same module name"), "{said}");
    assert!(said.contains("is the module `one_two_`"), "{said}");
    assert!(
        said.contains("use crate::endpoints::acme::one_two_::OneTwoInput;"),
        "{said}"
    );
}

#[test]
fn an_update_tells_what_changed_in_meaning() {
    let krate = Crate::new();
    krate.good(
        &server([document(ID, 50), document("acme/other", 9)]),
        &["add", ID, "acme/other"],
    );
    let before = krate.files();
    let changed = server([
        document(ID, 40),
        document("acme/other", 9),
        document("acme/third", 1),
    ]);
    let denied = krate.fal(&changed, &["update", "--deny-breaking"]);
    assert_eq!(denied.code, Some(1), "{}{}", denied.out, denied.err);
    assert!(
        denied.out.contains("maximum 50 → maximum 40"),
        "{}",
        denied.out
    );
    assert!(
        !denied.out.contains("third"),
        "only the models of the crate: {}",
        denied.out
    );
    let dry = krate.good(&changed, &["update", "--dry-run"]);
    assert!(dry.contains("maximum 50 → maximum 40"), "{dry}");
    assert!(krate.files() == before, "both change nothing");
    let said = krate.good(&changed, &["update"]);
    assert!(said.contains("2 models, 1 changed in meaning"), "{said}");
    assert!(
        krate
            .read("schemas/acme/sketch.json")
            .contains("\"maximum\": 40")
    );
    let again = krate.good(&changed, &["update", ID]);
    assert!(again.contains("nothing changed"), "{again}");
}

#[test]
fn models_are_found_priced_and_described() {
    let (krate, server) = (Crate::new(), server([document(ID, 50)]));
    assert!(krate.good(&server, &["search", "sketch"]).starts_with(ID));
    assert_eq!(
        krate.fal(&server, &["search", "no-such-thing"]).code,
        Some(1)
    );
    let offline = krate.good(&server, &["search", "--offline", "flux", "schnell"]);
    assert!(offline.contains("fal-ai/flux/schnell"), "{offline}");
    let price = krate.good(&server, &["price", ID]);
    assert!(price.starts_with(&format!("{ID:<48} $")), "{price}");
    let page = krate.good(&server, &["page", ID]);
    assert!(
        page.contains("fal.endpoint(\"acme/sketch\")")
            || page.contains(".endpoint(\"acme/sketch\")"),
        "{page}"
    );
    krate.good(&server, &["add", ID]);
    let page = krate.good(&server, &["page", ID]);
    assert!(
        page.contains("crate::endpoints::acme::sketch::SketchInput"),
        "{page}"
    );
}
