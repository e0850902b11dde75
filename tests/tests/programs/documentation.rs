//! What an editor or a page of documentation shows of generated code.

use super::*;

/// The part of a page that is about one method.
fn method<'a>(page: &'a str, name: &str) -> &'a str {
    let start = format!("id=\"method.{name}\"");
    let at = page
        .find(&start)
        .unwrap_or_else(|| panic!("no method {name}"));
    let text = &page[at + start.len()..];
    &text[..text.find("id=\"method.").unwrap_or(text.len())]
}

#[tokio::test]
async fn a_setter_shows_the_text_the_default_and_the_range_of_its_field() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "doc",
            "--offline",
            "--quiet",
            "--no-deps",
            "--package=fal-sdk",
        ])
        .arg("--features=wan-22-vace-fun-a14b")
        .current_dir(repository())
        .output()
        .await
        .expect("cargo");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo doc failed: {words}");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let page = target
        .join("doc/fal_sdk/endpoints/fal_ai/wan_22_vace_fun_a14b/depth/struct.DepthInput.html");
    let page = std::fs::read_to_string(page).unwrap();
    let frames = method(&page, "num_frames");
    for part in [
        "Number of frames to generate.",
        "Default: <code>81</code>.",
        "Range: <code>17</code> to <code>241</code>.",
    ] {
        assert!(frames.contains(part), "no {part:?} in {frames}");
    }
    let nullable = method(&page, "frames_per_second");
    assert!(nullable.contains("Default: <code>16</code>."), "{nullable}");
    // The page shows a struct with public fields as any other.
    assert!(page.contains("id=\"structfield.num_frames\""));
    let code = "<code>num_frames: <a class=\"enum\"";
    assert!(page.contains(code), "{page}");
}
