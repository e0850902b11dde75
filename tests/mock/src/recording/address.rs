//! Translates between URLs of fal and URLs of the local server.
//!
//! A program sends requests to the local server, whose paths begin with the name of one of fal's hosts, like those of the mock
//! server. A recording has fal's own URLs. Other servers that fal's replies name, such as the one that stores uploads, are
//! below `/other`.

use hyper::Uri;
use serde_json::Value;

use crate::protocol::host::Host;

/// The path segment of servers that are not one of fal's hosts.
const OTHER: &str = "other";

/// The URL of fal that a request to the local server stands for, given its path and query.
pub(super) fn real(path_and_query: &str) -> Option<String> {
    let (first, rest) = split(path_and_query.strip_prefix('/')?);
    if first == OTHER {
        let (scheme, rest) = split(rest.strip_prefix('/')?);
        let address = rest.strip_prefix('/')?;
        let is_known = matches!(scheme, "http" | "https") && !address.starts_with(['/', '?']);
        return is_known.then(|| format!("{scheme}://{address}"));
    }
    let host = Host::FAL.into_iter().find(|host| host.prefix() == first)?;
    Some(format!("https://{}{rest}", host.names().first()?))
}

/// The URL of the local server at `root` that stands for a URL of fal or of another server.
fn local(url: &str, root: &str) -> Option<String> {
    if url.starts_with(root) {
        return None;
    }
    for host in Host::FAL {
        let rest = strip_base(url, &format!("https://{}", host.names().first()?));
        if let Some(rest) = rest {
            return Some(format!("{root}/{}{rest}", host.prefix()));
        }
    }
    let (scheme, address) = url.split_once("://")?;
    Some(format!("{root}/{OTHER}/{scheme}/{address}"))
}

/// The host of fal that a URL is on.
pub(super) fn host(url: &str) -> Option<Host> {
    let authority = authority(url)?;
    Host::FAL
        .into_iter()
        .find(|host| host.names().contains(&authority))
}

/// The name and the port in a URL.
pub(super) fn authority(url: &str) -> Option<&str> {
    let (_, address) = url.split_once("://")?;
    address.split(['/', '?', '#']).next()
}

/// The path of a URL, without its query.
pub(super) fn path(url: &str) -> &str {
    let address = url.split_once("://").map_or(url, |(_, address)| address);
    let path = address.find('/').map_or("", |at| &address[at..]);
    path.split('?').next().unwrap_or_default()
}

fn split(path: &str) -> (&str, &str) {
    path.split_at(path.find(['/', '?']).unwrap_or(path.len()))
}

fn strip_base<'u>(url: &'u str, base: &str) -> Option<&'u str> {
    let rest = url.strip_prefix(base)?;
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
}

/// The server that a recorder sends requests to: fal's hosts, or one server that stands in for all of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Upstream(pub(super) Option<String>);

impl Upstream {
    /// The URL to send a request to.
    #[cfg(feature = "record")]
    pub(super) fn target(&self, real: &str) -> String {
        let Some(base) = &self.0 else {
            return real.to_owned();
        };
        let found = Host::FAL.into_iter().find_map(|host| {
            let rest = strip_base(real, &format!("https://{}", host.names().first()?))?;
            Some(format!("{base}/{}{rest}", host.prefix()))
        });
        found.unwrap_or_else(|| real.to_owned())
    }

    /// The URL of fal that a URL in a reply stands for.
    fn real(&self, url: &str) -> Option<String> {
        let rest = strip_base(url, self.0.as_deref()?)?;
        real(rest)
    }
}

/// Whether a whole text is an absolute URL.
pub(super) fn is_url(text: &str) -> bool {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    is_web
        && text
            .parse::<Uri>()
            .is_ok_and(|uri| uri.authority().is_some())
}

/// Replaces URLs of the upstream server, and of the local server at `root`, by the URLs of fal that they stand for.
pub(super) fn make_real(value: &mut Value, upstream: &Upstream, root: &str) {
    each_url(value, &mut |url| match strip_base(url, root) {
        Some(rest) => real(rest),
        None => upstream.real(url),
    });
}

/// Replaces every URL in a value by one of the local server at `root`, so that the program sends its requests there.
pub(super) fn make_local(value: &mut Value, root: &str) {
    each_url(value, &mut |url| local(url, root));
}

/// Replaces every URL of fal in a value by one of the upstream server.
#[cfg(feature = "record")]
pub(super) fn make_upstream(value: &mut Value, upstream: &Upstream) {
    each_url(value, &mut |url| Some(upstream.target(url)));
}

/// Collects the servers in the URLs of a value.
#[cfg(feature = "record")]
pub(super) fn collect_servers(value: &Value, servers: &mut std::collections::BTreeSet<String>) {
    each_url(&mut value.clone(), &mut |url| {
        servers.extend(authority(url).map(str::to_owned));
        None
    });
}

fn each_url(value: &mut Value, replace: &mut dyn FnMut(&str) -> Option<String>) {
    match value {
        Value::String(text) if is_url(text) => {
            if let Some(url) = replace(text) {
                *text = url;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_url(item, replace)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| each_url(member, replace)),
        _ => {}
    }
}

/// Whether replies of a URL keep fal's URLs, as the catalog's replies do: they contain documents, which programs store.
pub(super) fn keeps_addresses(real: &str) -> bool {
    match host(real) {
        Some(Host::Fal) => true,
        Some(Host::Platform) => path(real).starts_with("/v1/models"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Upstream, make_local, make_real, real};

    const ROOT: &str = "http://127.0.0.1:9";

    #[test]
    fn addresses_go_there_and_back() {
        let written = json!({
            "status_url": "https://queue.fal.run/a/b/requests/1/status?logs=1",
            "files": ["https://v3b.fal.media/files/x.png", "https://v3.fal.media/files/y.png"],
            "note": "see https://fal.ai",
        });
        let mut value = written.clone();
        make_local(&mut value, ROOT);
        let expected = json!({
            "status_url": "http://127.0.0.1:9/queue/a/b/requests/1/status?logs=1",
            "files": [
                "http://127.0.0.1:9/other/https/v3b.fal.media/files/x.png",
                "http://127.0.0.1:9/cdn/files/y.png",
            ],
            "note": "see https://fal.ai",
        });
        assert_eq!(value, expected);
        make_real(&mut value, &Upstream::default(), ROOT);
        assert_eq!(value, written);
    }

    #[cfg(feature = "record")]
    #[test]
    fn another_server_can_stand_for_fal() {
        let upstream = Upstream(Some("http://127.0.0.1:8".to_owned()));
        let real = "https://queue.fal.run/a/b";
        assert_eq!(upstream.target(real), "http://127.0.0.1:8/queue/a/b");
        let mut value = json!("http://127.0.0.1:8/cdn/files/x?y=1");
        make_real(&mut value, &upstream, ROOT);
        assert_eq!(value, json!("https://v3.fal.media/files/x?y=1"));
    }

    #[test]
    fn paths_that_stand_for_nothing_have_no_address() {
        for path in [
            "",
            "/",
            "/nowhere/x",
            "/other/file/etc",
            "/other/https",
            "/other/https//x",
            "queue/x",
        ] {
            assert_eq!(real(path), None, "{path}");
        }
    }
}
