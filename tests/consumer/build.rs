//! Generates the types of the documents in `schemas`.

use std::path::PathBuf;
use std::{env, error::Error, fs};

use fal_codegen::{Options, Runtime, Severity, Source, generate};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=schemas");
    let mut sources = Vec::new();
    for entry in fs::read_dir("schemas")? {
        let path = entry?.path();
        sources.push(Source::new(
            path.display().to_string(),
            fs::read_to_string(&path)?,
        ));
    }
    let options = Options {
        runtime: Runtime::Extern("fal_sdk".to_owned()),
        ungated: true,
        ..Options::default()
    };
    let outcome = generate(&sources, &options);
    for said in &outcome.diagnostics {
        let text = said.to_string().replace('\n', " ");
        match said.severity {
            Severity::Error => println!("cargo::error={text}"), // fails the build
            Severity::Warning => println!("cargo::warning={text}"),
            Severity::Note => {}
        }
    }
    let out = PathBuf::from(env::var("OUT_DIR")?).join("endpoints.rs");
    fs::write(out, outcome.inline())?;
    Ok(())
}
