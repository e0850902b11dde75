//! fal's backup hosts, for when the main ones cannot be reached.

use std::io;

use reqwest::Url;
use reqwest::header::HeaderMap;

use super::connections::Lease;
use super::failure::Failure;
use super::request::Request;
use super::transport::{self, Incoming};
use super::walk::causes;

const BACKUPS: [(&str, &str); 2] = [
    ("fal.run", "falrun.com"),
    ("queue.fal.run", "queue.falrun.com"),
];

/// Sends a request to its host, and to the backup of that if it cannot be reached.
pub(super) async fn start(
    lease: &Lease,
    request: &Request,
    url: Url,
    headers: HeaderMap,
) -> Result<Incoming, Failure> {
    let first = transport::start(lease, request, url.clone(), headers.clone()).await;
    let Err(failure) = first else { return first };
    match url_after(&failure, &url) {
        Some(url) => {
            let second = transport::start(lease, request, url, headers).await;
            // If neither host can be reached, the error of the first is reported.
            second.map_err(|second| if second.sent { second } else { failure })
        }
        None => Err(failure),
    }
}

/// The URL on a backup host for a request whose connection could not be made. Only a failure
/// of the network counts: not one of TLS, and none after which the server may have read
/// the request.
fn url_after(failure: &Failure, url: &Url) -> Option<Url> {
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
    use crate::conformance::{cases, vectors};
    use crate::transport::error::{Error, ErrorKind};

    #[test]
    fn only_the_exact_hosts_have_a_backup() {
        let vectors = vectors("backup_hosts.json");
        for (host, backup) in BACKUPS {
            assert_eq!(vectors["map"][host], backup);
        }
        assert_eq!(vectors["map"].as_object().unwrap().len(), BACKUPS.len());
        for case in cases(&vectors, "urls") {
            let url = Url::parse(case["input"].as_str().unwrap()).unwrap();
            let mapped = map(&url).map(String::from);
            assert_eq!(mapped.as_deref(), case["expect"].as_str(), "{case}");
        }
    }

    /// What the system reports of each failure that has a kind of its own. The
    /// others need a server: `tests/queue/backup.rs`.
    #[test]
    fn only_an_unreachable_network_leads_there() {
        let mut seen = 0;
        for case in cases(&vectors("backup_hosts.json"), "failures") {
            let kind = match case["kind"].as_str().unwrap() {
                "connect_refused" => io::ErrorKind::ConnectionRefused,
                "connect_aborted" => io::ErrorKind::ConnectionAborted,
                "host_unreachable" => io::ErrorKind::HostUnreachable,
                "net_unreachable" => io::ErrorKind::NetworkUnreachable,
                "connect_timeout" => io::ErrorKind::TimedOut,
                "write_error" => io::ErrorKind::BrokenPipe,
                "connection_reset" => io::ErrorKind::ConnectionReset,
                "socket_closed_mid_response" => io::ErrorKind::UnexpectedEof,
                "tls_error" => io::ErrorKind::InvalidData,
                _ => continue,
            };
            assert_eq!(case["failover"], is_unreachable_kind(kind), "{case}");
            seen += 1;
        }
        assert_eq!(seen, 9);
    }

    /// The same failure leads nowhere once the request may have been read.
    #[test]
    fn what_may_have_been_read_stays() {
        let url = Url::parse("https://fal.run/fal-ai/x").unwrap();
        for sent in [false, true] {
            let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
            let error = Error::new(ErrorKind::Connection, "refused").with_source(refused);
            let failure = Failure { error, sent };
            assert_eq!(url_after(&failure, &url).is_some(), !sent);
        }
    }
}
