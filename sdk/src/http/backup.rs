//! fal's backup hosts, for when the main ones cannot be reached.

use std::io;

use reqwest::Url;

use super::failure::Failure;
use super::walk::causes;

const BACKUPS: [(&str, &str); 2] = [
    ("fal.run", "falrun.com"),
    ("queue.fal.run", "queue.falrun.com"),
];

/// Where a request goes whose connection could not be made. Only a failure of the
/// network leads there: not one of TLS, nor any after the request may have been
/// read.
pub(super) fn url_after(failure: &Failure, url: &Url) -> Option<Url> {
    (!failure.sent && is_unreachable(failure))
        .then(|| map(url))
        .flatten()
}

fn map(url: &Url) -> Option<Url> {
    let (_, backup) = BACKUPS
        .iter()
        .find(|(host, _)| url.host_str() == Some(host))?;
    let mut url = url.clone();
    url.set_host(Some(backup)).ok()?;
    Some(url)
}

fn is_unreachable(failure: &Failure) -> bool {
    causes(&failure.error).any(|cause| {
        let network = cause
            .downcast_ref::<reqwest::Error>()
            .is_some_and(|error| error.is_dns() || (error.is_connect() && error.is_timeout()));
        let io = cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| is_unreachable_kind(error.kind()));
        network || io
    })
}

fn is_unreachable_kind(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown
            | io::ErrorKind::AddrNotAvailable
            | io::ErrorKind::TimedOut
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_hosts_have_a_backup() {
        let mapped = |url: &str| map(&Url::parse(url).unwrap()).map(|url| url.to_string());
        assert_eq!(
            mapped("https://fal.run/fal-ai/x?a=1").as_deref(),
            Some("https://falrun.com/fal-ai/x?a=1")
        );
        assert_eq!(
            mapped("https://queue.fal.run/fal-ai/x/requests/R/status?logs=1").as_deref(),
            Some("https://queue.falrun.com/fal-ai/x/requests/R/status?logs=1")
        );
        assert_eq!(
            mapped("https://fal.run:8443/x").as_deref(),
            Some("https://falrun.com:8443/x")
        );
        for other in [
            "https://rest.fal.ai/tokens/",
            "https://v3.fal.media/files/x",
            "https://notfal.run/x",
            "https://api.fal.run/x",
            "https://example.com/",
        ] {
            assert_eq!(mapped(other), None, "{other}");
        }
    }

    #[test]
    fn only_an_unreachable_network_leads_there() {
        for kind in [
            io::ErrorKind::ConnectionRefused,
            io::ErrorKind::HostUnreachable,
        ] {
            assert!(is_unreachable_kind(kind));
        }
        for kind in [
            io::ErrorKind::ConnectionReset,
            io::ErrorKind::BrokenPipe,
            io::ErrorKind::InvalidData,
            io::ErrorKind::UnexpectedEof,
        ] {
            assert!(!is_unreachable_kind(kind));
        }
    }
}
