//! How long stored files are kept, and who may read them.

use std::str::FromStr;
use std::time::Duration;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::contract::wire::{Decode, DecodeError, Fields};
use crate::transport::error::{Error, Result};
use crate::transport::named_enum::named_enum;

/// How long fal keeps files, and who may read them. It is set for the files that a model
/// makes, or for those that are uploaded.
///
/// ```
/// use std::time::Duration;
/// use fal_sdk::lifecycle::{Access, Acl, Lifecycle};
///
/// let a_day = Lifecycle::expires_in(Duration::from_secs(86_400));
/// let mine = Lifecycle::default().acl(Acl::new(Access::Forbid).rule("me", Access::Allow));
/// let week: Lifecycle = "7d".parse()?;
/// # Ok::<(), fal_sdk::Error>(())
/// ```
///
/// Source: <https://fal.ai/docs/documentation/model-apis>, object lifecycle.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lifecycle {
    expires_in: Option<u64>,
    acl: Option<Acl>,
}

impl Lifecycle {
    /// Creates the lifecycle that fal calls `immediate`: files are deleted after 60 s.
    pub fn immediate() -> Self {
        Self::expires_in(Duration::from_secs(60))
    }

    /// Creates a lifecycle in which files are deleted after `time`, which is rounded down to
    /// whole seconds, at least 1.
    pub fn expires_in(time: Duration) -> Self {
        Self {
            expires_in: Some(time.as_secs().max(1)),
            acl: None,
        }
    }

    /// Creates a lifecycle without an expiry, which fal's clients call `never`. The request
    /// then names no time after which files are deleted.
    pub fn never_expires() -> Self {
        Self::default()
    }

    /// Sets who may read the files. Default: everybody who knows the URL, which cannot be
    /// guessed.
    #[must_use]
    pub fn acl(mut self, acl: Acl) -> Self {
        self.acl = Some(acl);
        self
    }

    /// Returns the lifecycle as the JSON that is sent; `None` if nothing is set.
    pub fn to_json(&self) -> Option<Value> {
        let mut payload = Map::new();
        if let Some(seconds) = self.expires_in {
            payload.insert("expiration_duration_seconds".to_owned(), seconds.into());
        }
        if let Some(acl) = self.acl.as_ref().and_then(Acl::to_json) {
            payload.insert("initial_acl".to_owned(), acl);
        }
        (!payload.is_empty()).then_some(Value::Object(payload))
    }
}

impl From<Duration> for Lifecycle {
    fn from(time: Duration) -> Self {
        Self::expires_in(time)
    }
}

/// Parses the names that fal's clients use: `never`, `immediate`, `1h`, `1d`, `7d`, `30d`,
/// `1y`. [`Lifecycle::expires_in`] takes any other time.
impl FromStr for Lifecycle {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let seconds = match name {
            "never" => return Ok(Self::never_expires()),
            "immediate" => 60,
            "1h" => 3_600,
            "1d" => 86_400,
            "7d" => 604_800,
            "30d" => 2_592_000,
            "1y" => 31_536_000,
            _ => {
                return Err(Error::configuration(format!(
                    "{name:?} is not an expiry: it must be never, immediate, 1h, 1d, 7d, 30d or 1y; \
                     other times are set with `Lifecycle::expires_in`"
                )));
            }
        };
        Ok(Self::expires_in(Duration::from_secs(seconds)))
    }
}

/// An access control list: who may read a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Acl {
    default: Option<Access>,
    rules: Vec<(String, Access)>,
}

named_enum! {
    /// Whether a user may read a file.
    pub enum Access {
        /// The file can be read.
        Allow = "allow",
        /// Reading the file is refused.
        Forbid = "forbid",
        /// The server answers as if there were no such file.
        Hide = "hide",
    }
}

impl Acl {
    /// Creates a list with the access of all users who have no rule of their own.
    pub fn new(default: Access) -> Self {
        Self {
            default: Some(default),
            rules: Vec::new(),
        }
    }

    /// Adds a rule for one user, given the user's nickname or id.
    #[must_use]
    pub fn rule(mut self, user: impl Into<String>, access: Access) -> Self {
        self.rules.push((user.into(), access));
        self
    }

    /// Returns the access of all users who have no rule of their own, if it is set.
    pub fn default_access(&self) -> Option<Access> {
        self.default
    }

    /// Returns the rules for single users.
    pub fn rules(&self) -> impl Iterator<Item = (&str, Access)> {
        self.rules
            .iter()
            .map(|(user, access)| (user.as_str(), *access))
    }

    /// Returns the list as the JSON that is sent; `None` if nothing is set.
    pub fn to_json(&self) -> Option<Value> {
        let mut payload = Map::new();
        if let Some(default) = self.default {
            payload.insert("default".to_owned(), default.name().into());
        }
        if !self.rules.is_empty() {
            let rule = |(user, access): &(String, Access)| json!({"user": user, "decision": access.name()});
            payload.insert("rules".to_owned(), self.rules.iter().map(rule).collect());
        }
        (!payload.is_empty()).then_some(Value::Object(payload))
    }
}

impl Serialize for Acl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = self.to_json().unwrap_or_else(|| json!({}));
        json.serialize(serializer)
    }
}

impl Decode for Acl {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        let mut fields = Fields::of(value)?;
        let rules: Vec<Rule> = fields.optional("rules").unwrap_or_default();
        let decoded = Self {
            default: fields.optional("default"),
            rules: rules
                .into_iter()
                .map(|rule| (rule.user, rule.decision))
                .collect(),
        };
        fields.end(decoded)
    }
}

/// A rule as it is sent.
struct Rule {
    user: String,
    decision: Access,
}

impl Decode for Rule {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            user: fields.required("user")?,
            decision: fields.required("decision")?,
        })
    }
}

impl Decode for Access {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        [Self::Allow, Self::Forbid, Self::Hide]
            .into_iter()
            .find(|access| value == access.name())
            .ok_or_else(|| DecodeError::expected("`allow`, `forbid` or `hide`", value))
    }
}
