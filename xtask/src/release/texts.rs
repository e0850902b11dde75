//! Changes the texts that say how to depend on the crates. Until the first release, they name the path of a checkout; a release
//! replaces it by a version.

use cargo_fal::{Error, files};
use std::{fs, path::Path};

/// The files with texts that say how to depend on the crates.
pub const TEXTS: [&str; 9] = [
    "README.md",
    "codegen/README.md",
    "codegen/cli/README.md",
    "sdk/README.md",
    "sdk/proxy/README.md",
    "sdk/src/guide/network.md",
    "sdk/src/guide/start.md",
    "sdk/src/guide/testing.md",
    "tests/mock/README.md",
];
/// The file with the constant `IS_RELEASED`, which programs read.
const CONSTANT: &str = "codegen/src/released.rs";
/// The crates that programs depend on.
const CRATES: [&str; 4] = ["fal-codegen", "fal-mock", "fal-proxy", "fal-sdk"];
/// The lines before and after a text that is only true until the first release.
const BEGIN: &str = "<!-- until the first release -->";
const END: &str = "<!-- /until the first release -->";
/// The commands that install `cargo fal` from a checkout, and from the registry.
const INSTALL: (&str, &str) = (
    "cargo install --locked --path codegen/cli",
    "cargo install --locked cargo-fal",
);
/// Further texts in the README, before and after the first release.
const SENTENCES: [(&str, &str); 3] = [
    ("| Published | not yet |", "| Published | on crates.io |"),
    (
        "1 in this repository; in a release, the whole catalog; any other",
        "the catalog of the day of the release; any other",
    ),
    (
        "none yet. Once there is one: when the runtime changes,",
        "when the runtime changes,",
    ),
];

/// The text once the crates are on the registry with `version` (`0.1`).
#[must_use]
pub fn released(text: &str, version: &str) -> String {
    let mut lines = Vec::new();
    let mut is_kept = true;
    for line in text.lines() {
        match line {
            BEGIN => is_kept = false,
            END => is_kept = true,
            line if is_kept => lines.push(released_line(line, version)),
            _ => {}
        }
    }
    let mut text = lines.join("\n") + "\n";
    // Removing a paragraph leaves two empty lines.
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text
}

fn released_line(line: &str, version: &str) -> String {
    for name in CRATES {
        let rest = line
            .strip_prefix(&format!("{name} = {{ path = \""))
            .and_then(|rest| rest.split_once('"'));
        if let Some((_, rest)) = rest {
            return match rest.strip_prefix(" }") {
                Some(rest) => format!("{name} = \"{version}\"{rest}"),
                None => format!("{name} = {{ version = \"{version}\"{rest}"),
            };
        }
    }
    let both = SENTENCES.into_iter().chain([INSTALL]);
    both.fold(line.to_owned(), |line, (before, after)| {
        line.replace(before, after)
    })
}

/// Changes the texts and the constant in the checkout at `root` to say that the crates are on the registry. Returns the number of
/// files that changed.
pub(super) fn switch(root: &Path, version: &str) -> Result<usize, Error> {
    let mut changed = 0;
    for path in TEXTS.into_iter().chain([CONSTANT]) {
        let file = root.join(path);
        let text = fs::read_to_string(&file).map_err(|error| Error::file("read", &file, &error))?;
        let new = match path {
            CONSTANT => text.replace("IS_RELEASED: bool = false", "IS_RELEASED: bool = true"),
            _ => released(&text, version),
        };
        if new != text {
            files::write_unsynced(&file, new.as_bytes())?;
            changed += 1;
        }
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::{CONSTANT, CRATES, INSTALL, SENTENCES, TEXTS, released};
    use crate::workspace::repository;
    use std::{collections::BTreeSet, fs, process::Command};

    fn read(path: &str) -> String {
        fs::read_to_string(repository().join(path)).expect(path)
    }

    /// Whether a text says how to depend on one of the crates, or how to install the program.
    fn is_about_dependencies(text: &str) -> bool {
        text.lines().any(|line| {
            CRATES
                .iter()
                .any(|name| line.starts_with(&format!("{name} = ")))
                || line.starts_with("cargo install --locked") && line.contains("fal")
        }) || text.contains(INSTALL.0)
    }

    #[test]
    fn all_texts_agree_with_the_constant() {
        for path in TEXTS {
            let text = read(path);
            let after = released(&text, "0.1");
            assert!(
                is_about_dependencies(&text),
                "{path} says nothing to switch"
            );
            assert_eq!(
                text == after,
                fal_codegen::IS_RELEASED,
                "{path} and codegen/src/released.rs disagree"
            );
            for untrue in ["not on the registry", "on the registry yet", INSTALL.0] {
                assert!(!after.contains(untrue), "{path}, once released: {untrue}");
            }
            let dependencies = text.lines().filter(|line| {
                CRATES
                    .iter()
                    .any(|name| line.starts_with(&format!("{name} = ")))
            });
            for line in dependencies {
                assert_eq!(
                    line.contains("path = "),
                    !fal_codegen::IS_RELEASED,
                    "{path}: {line}"
                );
            }
        }
    }

    /// Every text about dependencies is changed by a release, so that none contradicts the others.
    #[test]
    fn no_other_text_says_how_to_depend_on_the_crates() {
        let listed = Command::new("git")
            .args(["ls-files", "*.md"])
            .current_dir(repository())
            .output()
            .expect("git");
        let listed = String::from_utf8(listed.stdout).expect("text");
        let about: BTreeSet<&str> = listed
            .lines()
            // The output of commands, and files that are not documentation.
            .filter(|path| *path != "docs/cargo-fal.md" && !path.starts_with("tests/fixtures/"))
            .filter(|path| is_about_dependencies(&read(path)))
            .collect();
        assert_eq!(about, BTreeSet::from(TEXTS));
    }

    #[test]
    fn a_release_names_versions_and_drops_what_is_no_longer_true() {
        let text = "A\n\n<!-- until the first release -->\nNothing is on the registry yet.\n<!-- /until the first release -->\n\n\
                    fal-sdk = { path = \"sdk\", features = [\"a\"] }\nfal-mock = { path = \"tests/mock\" }\n\
                    cargo install --locked --path codegen/cli    # here\n";
        let expected = "A\n\nfal-sdk = { version = \"0.1\", features = [\"a\"] }\nfal-mock = \"0.1\"\n\
                        cargo install --locked cargo-fal    # here\n";
        assert_eq!(released(text, "0.1"), expected);
        assert_eq!(released(expected, "0.1"), expected);
    }

    #[test]
    fn the_readme_has_every_sentence_that_a_release_changes() {
        let text = read("README.md");
        for (before, after) in SENTENCES {
            let (there, gone) = match fal_codegen::IS_RELEASED {
                true => (after, before),
                false => (before, after),
            };
            assert!(
                text.contains(there) && (!text.contains(gone) || there.contains(gone)),
                "{there}"
            );
        }
    }

    #[test]
    fn the_constant_is_where_a_release_looks_for_it() {
        let text = read(CONSTANT);
        let line = format!(
            "pub const IS_RELEASED: bool = {};",
            fal_codegen::IS_RELEASED
        );
        assert!(text.contains(&line), "{text}");
    }
}
