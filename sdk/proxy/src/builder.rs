//! The builder that configures the proxy.

use std::fmt;
use std::sync::Arc;

use fal_sdk::Client;

use crate::allow_list::{AllowList, Pattern};
use crate::call::{ProxyCall, ProxyReply};
use crate::refusal::Refusal;
use crate::route::Policy;
use crate::service::{Authorize, OnReply, ProxyService, Settings};

/// A builder that configures a [`ProxyService`]: returned by [`ProxyService::builder`]. The proxy
/// refuses every call that is not allowed here.
#[must_use = "`build` makes the service"]
pub struct ProxyServiceBuilder {
    client: Client,
    patterns: Vec<String>,
    policy: Policy,
    body_limit: u64,
    rule: Option<Rule>,
    on_reply: Option<OnReply>,
}

/// The rule that says who may make calls.
enum Rule {
    Everybody,
    Authorize(Authorize),
}

impl ProxyService {
    /// Returns a builder for a proxy that makes calls with this client: with its key, to its
    /// addresses and within its time limits.
    pub fn builder(client: Client) -> ProxyServiceBuilder {
        ProxyServiceBuilder {
            client,
            patterns: Vec::new(),
            policy: Policy::default(),
            body_limit: 10 << 20,
            rule: None,
            on_reply: None,
        }
    }
}

impl ProxyServiceBuilder {
    /// Allows calls of endpoints, given their ids, such as `fal-ai/flux/dev`, or patterns of
    /// ids. In a pattern, `*` stands for any text within a segment (`fal-ai/flux-*`), and a
    /// segment `**` for any number of segments (`fal-ai/**`). Called more than once, it adds
    /// to the list.
    pub fn allow<I>(mut self, endpoints: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.patterns.extend(endpoints.into_iter().map(Into::into));
        self
    }

    /// Sets whether callers may upload files to fal's file store, as fal's clients do with the
    /// files in inputs. The proxy passes on the request for a signed URL; the browser then
    /// sends the file to fal directly. Default: `false`.
    pub fn uploads(mut self, allow: bool) -> Self {
        self.policy.uploads = allow;
        self
    }

    /// Sets whether callers may name a webhook, to which fal then posts the result. It can be
    /// any URL on the internet. Default: `false`.
    pub fn webhooks(mut self, allow: bool) -> Self {
        self.policy.webhooks = allow;
        self
    }

    /// Sets the size of the largest request body, in bytes. Uploaded files do not count, since
    /// they are not sent through the proxy. Default: 10 MiB.
    pub fn body_limit(mut self, bytes: u64) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets the application's own rule, a function that decides who may make which call, and
    /// how often. It is called once for each call that the list of endpoints and the other
    /// settings allow, before the body of the request is read. To refuse a call, it returns a
    /// [`Refusal`].
    pub fn authorize<F, Fut>(mut self, rule: F) -> Self
    where
        F: Fn(ProxyCall) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Refusal>> + Send + 'static,
    {
        let rule: Authorize = Arc::new(move |call| Box::pin(rule(call)));
        self.rule = Some(Rule::Authorize(rule));
        self
    }

    /// Lets everybody who reaches the proxy make calls at your cost. It is meant for a proxy
    /// that only this machine can reach, or one behind a layer that authenticates callers.
    pub fn allow_everybody(mut self) -> Self {
        self.rule = Some(Rule::Everybody);
        self
    }

    /// Sets a function that is called when the reply to a call has begun, or the call has
    /// failed, before the body of the reply is passed on. It can log calls, record which user
    /// submitted a job, or add up costs.
    pub fn on_reply(
        mut self,
        function: impl Fn(&ProxyCall, &ProxyReply<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.on_reply = Some(Arc::new(function));
        self
    }

    /// Builds the service.
    ///
    /// # Errors
    /// When no endpoint is allowed, when one is neither an id nor a pattern, and when neither
    /// [`authorize`](Self::authorize) nor [`allow_everybody`](Self::allow_everybody) is set.
    pub fn build(self) -> Result<ProxyService, BuildError> {
        let patterns = self.patterns.iter().map(|text| Pattern::parse(text));
        let patterns: Result<Vec<Pattern>, String> = patterns.collect();
        let endpoints = AllowList::new(patterns.map_err(BuildError)?);
        if endpoints.is_empty() {
            return Err(BuildError(
                "no endpoint is allowed; name those that may be called with `allow`".to_owned(),
            ));
        }
        let authorize = match self.rule {
            Some(Rule::Authorize(rule)) => Some(rule),
            Some(Rule::Everybody) => None,
            None => {
                return Err(BuildError(
                    "there is no rule that says who may call; set `authorize` or \
                     `allow_everybody`"
                        .to_owned(),
                ));
            }
        };
        Ok(ProxyService::new(Settings {
            client: self.client,
            policy: Policy {
                endpoints,
                ..self.policy
            },
            body_limit: self.body_limit,
            authorize,
            on_reply: self.on_reply,
        }))
    }
}

impl fmt::Debug for ProxyServiceBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyServiceBuilder")
            .field("client", &self.client)
            .field("allow", &self.patterns)
            .field("policy", &self.policy)
            .field("body_limit", &self.body_limit)
            .finish_non_exhaustive()
    }
}

/// The reason that a [`ProxyService`] cannot be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError(String);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy cannot be built: {}", self.0)
    }
}

impl std::error::Error for BuildError {}
