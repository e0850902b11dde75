//! Endpoint ids, `[namespace/]owner/alias[/path]`, split as the official clients split them.

/// An endpoint id, split into the application and the path below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AppId<'a> {
    /// The application, `[namespace/]owner/alias`, as URLs of jobs contain it.
    pub(crate) app: &'a str,
    /// The path below the application, without a leading slash; may be empty.
    pub(crate) path: &'a str,
}

const NAMESPACES: [&str; 2] = ["workflows", "comfy"];

/// Splits `id`. Returns `None` if it does not begin with an application.
pub(crate) fn parse(id: &str) -> Option<AppId<'_>> {
    let first = id.split('/').next()?;
    let parts = if NAMESPACES.contains(&first) { 3 } else { 2 };
    let end = id
        .match_indices('/')
        .nth(parts - 1)
        .map_or(id.len(), |(at, _)| at);
    let app = &id[..end];
    let complete = app.split('/').count() == parts && app.split('/').all(|part| !part.is_empty());
    let path = id[end..].trim_start_matches('/');
    complete.then_some(AppId { app, path })
}

/// The alias of an application, by which realtime tokens name it.
pub(crate) fn alias(app: &str) -> &str {
    app.rsplit('/').next().unwrap_or(app)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits() {
        let cases = [
            ("fal-ai/fast-sdxl", "fal-ai/fast-sdxl", ""),
            ("fal-ai/flux/dev", "fal-ai/flux", "dev"),
            (
                "fal-ai/kling-video/v2/master",
                "fal-ai/kling-video",
                "v2/master",
            ),
            (
                "workflows/fal-ai/fast-sdxl",
                "workflows/fal-ai/fast-sdxl",
                "",
            ),
            ("comfy/someone/graph/run", "comfy/someone/graph", "run"),
        ];
        for (id, app, path) in cases {
            assert_eq!(parse(id), Some(AppId { app, path }), "{id}");
        }
        for id in ["alone", "", "/x", "workflows/x"] {
            assert_eq!(parse(id), None, "{id}");
        }
        assert_eq!(alias("workflows/me/graph"), "graph");
    }
}
