//! The URLs of endpoints, which are kept once they were parsed: parsing one would be a large
//! part of the work that the library adds to a direct call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use reqwest::Url;

use super::hosts::{Host, Hosts};
use crate::transport::endpoint_id::EndpointId;
use crate::transport::lock::lock;

/// How many URLs are kept: more than the models that most programs call, and few enough for a
/// program that calls any id that it is given.
const MOST: usize = 256;

type Urls = HashMap<(Host, Arc<str>), Arc<Url>>;

#[derive(Default)]
pub(super) struct EndpointUrls(Mutex<Urls>);

impl EndpointUrls {
    /// The URL of an endpoint on one of the hosts.
    pub(super) fn get(&self, hosts: &Hosts, host: Host, endpoint: &EndpointId) -> Arc<Url> {
        let mut known = lock(&self.0);
        let key = (host, endpoint.shared());
        if let Some(url) = known.get(&key) {
            return Arc::clone(url);
        }
        let url = Arc::new(hosts.base(host).join(endpoint.as_str()));
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, Arc::clone(&url));
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_those_of_the_endpoint_and_few_are_kept() {
        let overrides = [(Host::Run, "https://example.com/run".to_owned())];
        let hosts = Hosts::new(&overrides, false).unwrap();
        let urls = EndpointUrls::default();
        for _ in 0..2 {
            for number in 0..1_000 {
                let id = EndpointId::parse(&format!("acme/model/{number}")).unwrap();
                for (host, base) in [
                    (Host::Run, "https://example.com/run"),
                    (Host::Queue, "https://queue.fal.run"),
                ] {
                    let url = urls.get(&hosts, host, &id);
                    assert_eq!(url.as_str(), format!("{base}/acme/model/{number}"));
                    assert_eq!(urls.get(&hosts, host, &id), url);
                }
                assert!(urls.0.lock().unwrap().len() <= MOST);
            }
        }
    }
}
