//! Tokens for realtime connections and streams, and for the CDN.

use std::{
    collections::{HashMap, HashSet},
    sync::Mutex,
    time::{Duration, Instant},
};

use crate::{protocol::app_id, seed::Seed, sync::lock};

/// The applications that a realtime token allows, and its expiry.
#[derive(Debug, Clone)]
struct Grant {
    /// The applications: aliases, or paths such as `owner/alias/realtime`.
    apps: Vec<String>,
    until: Instant,
}

/// The tokens that were issued.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    realtime: Mutex<HashMap<String, Grant>>,
    cdn: Mutex<HashSet<String>>,
}

impl Tokens {
    pub(crate) fn cdn(&self, seed: &Seed) -> String {
        let token = format!("cdn-{}", seed.token());
        lock(&self.cdn).insert(token.clone());
        token
    }

    pub(crate) fn is_cdn(&self, token: &str) -> bool {
        lock(&self.cdn).contains(token)
    }

    pub(crate) fn realtime(&self, seed: &Seed, apps: Vec<String>, life: Duration) -> String {
        let token = format!("jwt-{}", seed.token());
        let until = Instant::now() + life;
        lock(&self.realtime).insert(token.clone(), Grant { apps, until });
        token
    }

    /// Whether the token allows the endpoint at `path`.
    pub(crate) fn allows(&self, token: &str, path: &str) -> bool {
        let grants = lock(&self.realtime);
        let Some(grant) = grants
            .get(token)
            .filter(|grant| Instant::now() < grant.until)
        else {
            return false;
        };
        let app = app_id::parse(path).map_or(path, |id| id.app);
        grant
            .apps
            .iter()
            .any(|allowed| allowed == app_id::alias(app) || allowed == app || allowed == path)
    }

    /// Revokes every token.
    pub(crate) fn revoke(&self) {
        lock(&self.realtime).clear();
        lock(&self.cdn).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_for_their_apps_and_their_time() {
        let (tokens, seed) = (Tokens::default(), Seed::new(0));
        let grant = |app: &str, life| tokens.realtime(&seed, vec![app.to_owned()], life);
        let minute = Duration::from_secs(60);
        let classic = grant("flux", minute);
        assert!(
            tokens.allows(&classic, "fal-ai/flux/dev/realtime")
                && !tokens.allows(&classic, "fal-ai/other/realtime")
        );
        assert!(tokens.allows(
            &grant("fal-ai/flux/realtime", minute),
            "fal-ai/flux/realtime"
        ));
        assert!(!tokens.allows(&grant("flux", Duration::ZERO), "fal-ai/flux"));
        let upload = tokens.cdn(&seed);
        assert!(tokens.is_cdn(&upload) && tokens.allows(&classic, "fal-ai/flux"));
        tokens.revoke();
        assert!(!tokens.is_cdn(&upload) && !tokens.allows(&classic, "fal-ai/flux"));
    }
}
