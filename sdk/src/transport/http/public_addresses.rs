//! The addresses of the public internet, and name resolution that returns no others.
//!
//! The URL of a file in an output comes from the author of the model, or of its input. It
//! must not make this program read from a service on its own machine or network.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::allowed_hosts::AllowedHosts;
use super::walk::causes;
use crate::transport::error::Error;

/// Whether the address is on the public internet: not this machine, not a private network,
/// and not one of the addresses of a cloud's metadata service.
///
/// Sources: the IANA special-purpose address registries for IPv4 and IPv6.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    /// Azure's platform services, on an address that is public in name only.
    const AZURE_PLATFORM: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
    let is_special = match address.octets() {
        [0 | 10 | 127 | 224..=255, ..] => true,
        [100, 64..=127, ..] => true,
        [169, 254, ..] => true,
        [172, 16..=31, ..] => true,
        [192, 168, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _] => true,
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        _ => address == AZURE_PLATFORM,
    };
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // An IPv4 address in another form: mapped, and behind NAT64.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            embedded(high, low)
        }
        // 6to4.
        [0x2002, high, low, ..] => embedded(high, low),
        // Protocol assignments (Teredo among them) and documentation.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Global unicast addresses; all others are local, special or reserved.
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

/// The address that a URL contains literally, which is not resolved.
pub(crate) fn literal_address(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

/// Resolves the host names in the URLs of downloads to public addresses only. The names of
/// allowed hosts and of a network proxy resolve to any address.
pub(super) struct PublicResolver {
    pub(super) allowed: AllowedHosts,
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let only_public = self.allowed.must_be_public(name.as_str());
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let looked_up = tokio::task::spawn_blocking(move || look_up(&name, only_public)).await;
            let addresses = looked_up.map_err(io::Error::other)??;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

type BoxError = Box<dyn StdError + Send + Sync>;

fn look_up(name: &str, only_public: bool) -> Result<Vec<SocketAddr>, BoxError> {
    let all = (name, 0).to_socket_addrs()?;
    let usable = all.filter(|address| !only_public || is_public(address.ip()));
    let usable: Vec<SocketAddr> = usable.collect();
    match usable.is_empty() {
        false => Ok(usable),
        true => Err(NoPublicAddress(name.to_owned()).into()),
    }
}

/// The error for a host that has addresses, but none that is public.
#[derive(Debug)]
struct NoPublicAddress(String);

impl fmt::Display for NoPublicAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` has no address on the public internet", self.0)
    }
}

impl StdError for NoPublicAddress {}

/// The error for a file that is not on the public internet.
pub(crate) fn not_public(host: &str) -> Error {
    let message =
        format!("`{host}` is not on the public internet, so no file is downloaded from it");
    Error::configuration(message)
        .with_hint("allow the host with `ClientBuilder::allow_host` if you trust its files")
}

/// Returns the name of the host if the attempt failed because the host has no public address.
pub(crate) fn refused_host(error: &Error) -> Option<&str> {
    let refusal = causes(error).find_map(|cause| cause.downcast_ref::<NoPublicAddress>())?;
    Some(&refusal.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_and_other_addresses() {
        let public = |text: &str| is_public(text.parse().unwrap());
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
        ] {
            assert!(public(text), "{text}");
        }
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!public(text), "{text}");
        }
    }

    #[test]
    fn names_of_this_machine_resolve_only_where_allowed() {
        let error = look_up("localhost", true).unwrap_err();
        assert!(error.is::<NoPublicAddress>(), "{error}");
        assert!(!look_up("localhost", false).unwrap().is_empty());
    }
}
