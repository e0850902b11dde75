//! URLs that another program wants to call, resolved to one of fal's services.

use reqwest::Url;

use super::hosts::{Host, Hosts};
use crate::transport::named_enum::named_enum;

/// A URL of one of fal's services, split into the service, the path and the query. Returned
/// by [`Client::target`](crate::Client::target).
///
/// The URL of a request to it is built anew from these parts and the address that the
/// client has for the service: the text that another program gave is never used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    service: Host,
    path: String,
    query: Option<String>,
}

impl Target {
    /// Returns the service.
    pub fn service(&self) -> Host {
        self.service
    }

    /// Returns the path below the address of the service, encoded as it was given, without
    /// a leading slash.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query, if there is one, encoded as it was given, without the question
    /// mark.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }
}

named_enum! {
    /// The reason why a text is not a [`Target`].
    pub enum TargetError: Display {
        /// The text is not an absolute URL.
        NotUrl = "the text is not an absolute URL",
        /// The URL contains a user name or a password.
        Credentials = "the URL contains a user name or a password",
        /// The URL has a fragment.
        Fragment = "the URL has a fragment",
        /// The scheme of the URL is not `https`, and it is not an address of the client's own.
        NotEncrypted = "the scheme of the URL is not https",
        /// The URL is neither at an address of fal's services nor at one of the client's own.
        ForeignHost = "the URL is not on one of fal's hosts",
        /// The URL is not written in its normal form, so two programs could read it differently.
        NotNormal = "the URL is not written in its normal form",
    }
}

impl std::error::Error for TargetError {}

impl Hosts {
    /// Reads a URL that another program gave. It may use fal's own addresses, which this
    /// client's addresses replace, or this client's addresses.
    pub(crate) fn target(&self, text: &str) -> Result<Target, TargetError> {
        let url = Url::parse(text).map_err(|_| TargetError::NotUrl)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::Credentials);
        }
        if url.fragment().is_some() {
            return Err(TargetError::Fragment);
        }
        let (service, path) = match self.service_of(&url) {
            Some(found) => found,
            // This comes second, since an address of the client's own may be `http`.
            None if url.scheme() != "https" => return Err(TargetError::NotEncrypted),
            None => return Err(TargetError::ForeignHost),
        };
        if url.as_str() != text {
            return Err(TargetError::NotNormal);
        }
        Ok(Target {
            service,
            path,
            query: url.query().map(str::to_owned),
        })
    }

    fn service_of(&self, url: &Url) -> Option<(Host, String)> {
        if !matches!(url.scheme(), "https" | "http") {
            return None;
        }
        let of_fal = Self::new(&[], false).ok()?;
        [&of_fal, self].into_iter().find_map(|hosts| {
            Host::ALL.into_iter().find_map(|host| {
                let path = hosts.base(host).path_below(url)?;
                Some((host, path.to_owned()))
            })
        })
    }

    /// The URL of a target at the address that this client has for its service.
    pub(crate) fn url_of(&self, target: &Target) -> Url {
        let mut url = self.base(target.service).join(&target.path);
        url.set_query(target.query.as_deref());
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(overrides: &[(Host, String)]) -> Hosts {
        Hosts::new(overrides, false).unwrap()
    }

    #[test]
    fn urls_of_fals_services_are_read() {
        for (text, service, path, query) in [
            ("https://fal.run/acme/a", Host::Run, "acme/a", None),
            (
                "https://queue.fal.run/acme/a/requests/r/status?logs=1",
                Host::Queue,
                "acme/a/requests/r/status",
                Some("logs=1"),
            ),
            (
                "https://rest.fal.ai/storage/upload/initiate?storage_type=fal-cdn-v3",
                Host::Rest,
                "storage/upload/initiate",
                Some("storage_type=fal-cdn-v3"),
            ),
            (
                "https://api.fal.ai/v1/models",
                Host::Platform,
                "models",
                None,
            ),
        ] {
            let target = hosts(&[]).target(text).unwrap();
            assert_eq!(
                (target.service(), target.path(), target.query()),
                (service, path, query),
                "{text}"
            );
            assert_eq!(hosts(&[]).url_of(&target).as_str(), text);
        }
    }

    #[test]
    fn other_urls_say_why_they_are_refused() {
        use TargetError::{Credentials, ForeignHost, Fragment, NotEncrypted, NotNormal, NotUrl};
        for (text, why) in [
            ("", NotUrl),
            ("fal.run/acme/a", NotUrl),
            ("//fal.run/acme/a", NotUrl),
            ("https://", NotUrl),
            ("https://fal.run@evil.example/acme/a", Credentials),
            ("https://user:word@fal.run/acme/a", Credentials),
            ("https://fal.run/acme/a#b", Fragment),
            ("https://evil.example#@fal.run/acme/a", Fragment),
            ("http://fal.run/acme/a", NotEncrypted),
            ("wss://fal.run/acme/a", NotEncrypted),
            ("ftp://fal.run/acme/a", NotEncrypted),
            ("javascript:alert(1)", NotEncrypted),
            ("https://evil.example/acme/a", ForeignHost),
            ("https://evil.example?https://fal.run/acme/a", ForeignHost),
            ("https://evil.example\\@fal.run/acme/a", ForeignHost),
            ("https://fal.run.evil.example/acme/a", ForeignHost),
            ("https://notfal.run/acme/a", ForeignHost),
            ("https://api.fal.run/acme/a", ForeignHost),
            ("https://fal.run./acme/a", ForeignHost),
            ("https://fal.run:8443/acme/a", ForeignHost),
            ("https://fa\u{2113}.run/acme/a", NotNormal),
            ("https://f\u{0430}l.run/acme/a", ForeignHost),
            ("https://xn--fl-7kc.run/acme/a", ForeignHost),
            ("https://127.0.0.1/acme/a", ForeignHost),
            ("https://[::1]/acme/a", ForeignHost),
            ("https://api.fal.ai/v2/models", ForeignHost),
            ("https://fal.run:443/acme/a", NotNormal),
            ("https://FAL.run/acme/a", NotNormal),
            ("https://fal.run", NotNormal),
            ("https:fal.run/acme/a", NotNormal),
            ("https:\\\\fal.run\\acme\\a", NotNormal),
            (" https://fal.run/acme/a", NotNormal),
            ("https://fal.run/acme/\ta", NotNormal),
            ("https://fal.run/acme/../acme/a", NotNormal),
            ("https://fal.run/acme/%2e%2e/acme/a", NotNormal),
            ("https://fal%2erun/acme/a", NotNormal),
            ("https://fal.run/acme/a b", NotNormal),
        ] {
            assert_eq!(hosts(&[]).target(text), Err(why), "{text:?}");
        }
    }

    /// Other addresses of the services stand in for fal's, and are known themselves.
    #[test]
    fn the_clients_addresses_stand_in_for_fals() {
        let local = hosts(&[(Host::Queue, "http://127.0.0.1:4010/queue".to_owned())]);
        for text in [
            "https://queue.fal.run/acme/a?b=c",
            "http://127.0.0.1:4010/queue/acme/a?b=c",
        ] {
            let url = local.url_of(&local.target(text).unwrap());
            assert_eq!(url.as_str(), "http://127.0.0.1:4010/queue/acme/a?b=c");
        }
        assert_eq!(
            local.target("http://127.0.0.1:4010/other/acme/a"),
            Err(TargetError::NotEncrypted)
        );
    }
}
