use std::fs;
use std::path::{Path, PathBuf};

use super::{Programs, assert_in_order, build, mock, repository};

/// The address at which `cargo xtask mock` listens, and the README's output has.
const ADDRESS: &str = "http://127.0.0.1:4010";

/// The block of a language that follows the words, as it stands in the README.
fn block(after: &str, language: &str) -> String {
    let readme = fs::read_to_string(repository().join("README.md")).expect("the README");
    let (_, rest) = readme.split_once(after).expect(after);
    let (_, rest) = rest.split_once(&format!("```{language}")).expect(language);
    let (_, rest) = rest.split_once('\n').expect("a line of its own");
    rest.split_once("```")
        .expect("the end of the block")
        .0
        .to_owned()
}

/// A crate outside the workspace that depends on what the README says. Its
/// dependencies are built where `verify` builds the same ones.
pub struct Crate {
    pub folder: PathBuf,
    environment: [(&'static str, PathBuf); 2],
}

impl Crate {
    /// Writes the crate, with the files of `src` and their contents.
    pub fn new(name: &str, sources: &[(&str, &str)]) -> Self {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
            || repository().join("target"),
            |target| repository().join(target),
        );
        let folder = target.join(name);
        fs::create_dir_all(folder.join("src/bin")).expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            if fs::read_to_string(&path).is_ok_and(|old| old == text) {
                return;
            }
            fs::write(path, text).expect("a file");
        };
        let sdk = fs::canonicalize(repository().join("sdk")).expect("the SDK's folder");
        let dependencies = block("## Quick start", "toml").replace("\"sdk\"", &format!("{sdk:?}"));
        assert!(dependencies.contains(&format!("{sdk:?}")), "{dependencies}");
        write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                 {dependencies}\n[profile.dev]\ndebug = false\n\n[workspace]\n"
            ),
        );
        for (path, text) in sources {
            write(path, text);
        }
        let lock = fs::read_to_string(repository().join("Cargo.lock")).expect("the lock file");
        // Cargo takes out what it does not need.
        fs::write(folder.join("Cargo.lock"), lock).expect("a lock file");
        let environment = [
            ("CARGO_BUILD_BUILD_DIR", target.join("verify/build")),
            ("CARGO_TARGET_DIR", folder.join("target")),
        ];
        Self {
            folder,
            environment,
        }
    }

    pub fn environment(&self) -> [(&str, &Path); 2] {
        let environment = self.environment.each_ref();
        environment.map(|(name, path)| (*name, path.as_path()))
    }
}

/// A crate of somebody who has read the README and nothing else.
async fn newcomer() -> Programs {
    let program = block("## Quick start", "rust");
    let newcomer = Crate::new("newcomer", &[("src/main.rs", &program)]);
    build(&newcomer.folder, &[], &newcomer.environment()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_readmes_program_prints_what_the_readme_says() {
    let programs = newcomer().await;
    let server = mock()
        .default_script(cargo_fal::mock::script())
        .start()
        .await;
    let server = server.expect("a server");
    let printed = programs.prints("newcomer", &[], &server).await;
    let expected = block("It prints\n", "text").replace(ADDRESS, &server.url());
    assert!(expected.contains(&server.url()), "{expected}");
    // A busy machine may miss a state, and nobody sees what the README does not show.
    let shown: Vec<&str> = expected.lines().collect();
    for line in printed.lines() {
        assert!(shown.contains(&line), "{line:?} is not in {expected}");
    }
    let [.., last, video] = shown[..] else {
        panic!("the README shows too little: {expected}");
    };
    assert_in_order(&printed, &[last, video]);
    assert_eq!(server.jobs_created(), 1);

    // `main` returns the error, so what a newcomer sees of it is its `Debug`.
    for (name, value, words) in [
        (
            "FAL_KEY",
            "",
            "Error: no key: FAL_KEY is not set; set FAL_KEY to ",
        ),
        (
            "FAL_BASE_URL",
            "127.0.0.1",
            "; the address comes from FAL_BASE_URL\n",
        ),
    ] {
        let output = programs
            .command("newcomer", &server)
            .env(name, value)
            .output();
        let output = output.await.expect("a program that starts");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(complaint.contains(words), "{complaint}");
        assert_eq!(output.status.code(), Some(1));
    }
}
