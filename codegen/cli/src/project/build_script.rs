//! The build script of a crate: written where there is none, never changed where there is one.

use super::Project;
use crate::{Error, changes::Changes, files};
use std::path::Path;

/// Adds a build script if the crate has none. If it has one that does not generate the types, the returned text says what to add
/// to it.
pub(super) fn complete(project: &Project, changes: &mut Changes) -> Result<Option<String>, Error> {
    let call = format!(
        "fal_codegen::build({:?});",
        project.schemas.display().to_string()
    );
    let Some(script) = project.manifest.build_script() else {
        return Ok(Some(format!(
            "Cargo.toml says `build = false`: remove it, and write a build.rs whose `main` calls\n\n    {call}\n"
        )));
    };
    let known = files::read(&project.root.join(&script))?;
    let Some(known) = known else {
        let text = format!(
            "//! Generates the types of the models whose documents are in `{}`.\n\nfn main() {{\n    {call}\n}}\n",
            project.schemas.display()
        );
        changes.set(&project.root, Path::new(&script), text)?;
        return Ok(None);
    };
    let known = String::from_utf8_lossy(&known);
    Ok((!known.contains("fal_codegen")).then(|| {
        format!("{script} is your own and stays as it is. Add to its `main`:\n\n    {call}\n")
    }))
}
