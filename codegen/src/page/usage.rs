//! The section that shows how to call the endpoint, with `curl` and from Rust.

use std::fmt::Write as _;

use serde_json::Value;

use super::json::Syntax;
use crate::catalog::Catalog;
use crate::emit::{InputExample, input_example};
use crate::example::{Members, each};
use crate::released::IS_RELEASED;

/// The section "Usage Examples". `types` is the path of the generated types, if the caller has them.
pub(super) fn write(page: &mut String, catalog: &Catalog, required: &Members, types: Option<&str>) {
    page.push_str("## Usage Examples\n\n");
    for named in catalog.named() {
        let id = named.endpoint.id.as_str();
        write_curl(page, id, required);
        let value = Value::Object(required.iter().cloned().collect());
        let example = types.and_then(|types| {
            let example = input_example(named.endpoint, named.names, &value, "fal_sdk")?;
            Some((types, example))
        });
        let module = catalog.modules.path(id).join("::");
        match example {
            Some((types, example)) => {
                let path = format!("{types}::{module}");
                let feature = named.features.last().map_or("", String::as_str);
                write_typed(page, feature, &path, &example);
            }
            None => write_untyped(page, id, required),
        }
    }
}

fn write_curl(page: &mut String, id: &str, required: &Members) {
    // Inside single quotes, the shell changes nothing; only the quote itself has to be escaped.
    let body = Syntax::Json
        .pretty(each(required), 3)
        .replace('\'', r"'\''");
    let _ = write!(
        page,
        "### cURL\n\n```bash\ncurl --request POST \\\n  --url https://fal.run/{id} \\\n  \
         --header \"Authorization: Key $FAL_KEY\" \\\n  --header \"Content-Type: application/json\" \\\n  \
         --data '{body}'\n```\n\n"
    );
}

fn write_typed(page: &mut String, feature: &str, path: &str, example: &InputExample) {
    let features = match feature {
        "" => String::new(),
        feature => format!(" --features {feature}"),
    };
    write_program(
        page,
        &[&format!("fal-sdk{features}")],
        &example.uses(path),
        &example.statement,
        ".subscribe(input)",
    );
}

fn write_untyped(page: &mut String, id: &str, required: &Members) {
    let input = Syntax::Rust.pretty(each(required), 0);
    let statement = format!("let input = json!({input});\n");
    let call = format!(
        ".endpoint({})?\n        .subscribe(input)",
        Syntax::Rust.string(id)
    );
    write_program(
        page,
        &["fal-sdk", "serde_json"],
        "use serde_json::json;\n",
        &statement,
        &call,
    );
}

/// Writes a complete program, which compiles without changes.
fn write_program(page: &mut String, crates: &[&str], uses: &str, statement: &str, call: &str) {
    page.push_str("### Rust\n\n```bash\n");
    for name in crates
        .iter()
        .chain(&["tokio --features macros,rt-multi-thread"])
    {
        let path = match name.starts_with("fal-sdk") && !IS_RELEASED {
            true => " --path CLONE/sdk # of the repository: it is not on the registry yet",
            false => "",
        };
        let _ = writeln!(page, "cargo add {name}{path}");
    }
    let statement = statement.trim_end().replace('\n', "\n    ");
    let _ = write!(
        page,
        "```\n\n```rust\n{uses}\n\
         #[tokio::main]\nasync fn main() -> fal_sdk::Result<()> {{\n    \
         let fal = fal_sdk::Client::from_env()?; // FAL_KEY\n    {statement}\n    \
         let output = fal\n        {call}\n        .logs(true)\n        .on_update(|update| println!(\"{{update}}\"))\n        \
         .await?;\n    println!(\"{{output:#?}}\");\n    Ok(())\n}}\n```\n\n\n"
    );
}
