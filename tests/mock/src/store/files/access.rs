//! Access rules of files (fal docs, `file-access-controls`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The decision of an access rule about a reader.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Decision {
    #[default]
    Allow,
    /// Reading is refused.
    Forbid,
    /// The answer is that the file does not exist.
    Hide,
}

/// The access rules of a file. Downloads from this server are anonymous, so that only the default rule applies.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Acl {
    #[serde(default)]
    pub(crate) default: Decision,
    #[serde(default)]
    pub(crate) rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rule {
    user: String,
    decision: Decision,
}

impl Acl {
    /// The access rules in the `initial_acl` of a lifecycle header. Without it, everybody may read.
    pub(super) fn initial(lifecycle: Option<&Value>) -> Self {
        let said = lifecycle.and_then(|lifecycle| lifecycle.get("initial_acl"));
        said.and_then(|acl| serde_json::from_value(acl.clone()).ok())
            .unwrap_or_default()
    }
}
