//! Who may read a file (fal docs, `file-access-controls`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is decided about a reader.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Decision {
    #[default]
    Allow,
    /// Refused.
    Forbid,
    /// As if it were not there.
    Hide,
}

/// A file's access rules. Downloads are anonymous here, so only the default ever decides.
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
    /// What a lifecycle header's `initial_acl` says; everybody may read unless it does.
    pub(super) fn initial(lifecycle: Option<&Value>) -> Self {
        let said = lifecycle.and_then(|lifecycle| lifecycle.get("initial_acl"));
        said.and_then(|acl| serde_json::from_value(acl.clone()).ok())
            .unwrap_or_default()
    }
}
