//! The account's workflows.

use reqwest::Method;
use serde_json::{Value, json};

use super::Platform;
use super::call::ApiCall;
use super::list::ListRequest;
use super::listing::listing;
use crate::transport::error::Result;
use crate::wire;

listing! {
    /// The list of the account's workflows: see [`Platform::workflows`].
    WorkflowListing: "workflows",
    WorkflowPage {
        /// The workflows.
        workflows: WorkflowSummary
    }
}

/// A workflow, without its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkflowSummary {
    /// The name of the workflow in addresses.
    pub name: String,
    /// The title of the workflow.
    pub title: String,
    /// The user that owns the workflow.
    pub user_nickname: String,
    /// When the workflow was created, in RFC 3339.
    pub created_at: String,
    /// The URL of an image that illustrates the workflow.
    pub thumbnail_url: Option<String>,
    /// What the workflow does.
    pub description: Option<String>,
    /// Labels.
    pub tags: Option<Vec<String>>,
    /// The ids of the endpoints that the workflow calls.
    pub endpoint_ids: Option<Vec<String>>,
}

wire! {
    WorkflowSummary {
        name: required,
        title: required,
        user_nickname: required,
        created_at: required,
        thumbnail_url: optional,
        description: optional,
        tags: optional,
        endpoint_ids: optional,
    }
}

/// A workflow.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Workflow {
    /// The name of the workflow in addresses.
    pub name: String,
    /// The title of the workflow.
    pub title: String,
    /// The user that owns the workflow.
    pub user_nickname: String,
    /// When the workflow was created, in RFC 3339.
    pub created_at: String,
    /// Whether everybody may call the workflow.
    pub is_public: bool,
    /// The nodes of the workflow, its output, and the schemas of both sides.
    pub contents: Value,
}

wire! {
    Workflow {
        name: required,
        title: required,
        user_nickname: required,
        created_at: required,
        is_public: required,
        contents: required,
    }
}

impl ListRequest<WorkflowListing> {
    /// Lists only workflows whose name or title contains this text.
    pub fn search(self, text: impl Into<String>) -> Self {
        self.set("search", text)
    }

    /// Lists only workflows that call an endpoint. Called more than once, it lists those that
    /// call any of the endpoints.
    pub fn using(self, endpoint_id: impl Into<String>) -> Self {
        self.add("used_endpoint_ids", endpoint_id)
    }
}

impl Platform {
    /// Lists the account's workflows.
    pub fn workflows(&self) -> ListRequest<WorkflowListing> {
        ListRequest::new(&self.http)
    }

    /// Returns a workflow, given its owner's name and its own.
    ///
    /// # Errors
    /// When there is no such workflow, or it is not public and another account's.
    pub async fn workflow(
        &self,
        username: impl AsRef<str>,
        name: impl AsRef<str>,
    ) -> Result<Workflow> {
        let call = ApiCall::get(&self.http, "workflows");
        let call = call.path_segments(&[username.as_ref(), name.as_ref()])?;
        call.send_member("workflow").await
    }

    /// Creates a workflow. Its name, of letters, digits, `_` and `-`, must be new; `contents`
    /// are its nodes, its output and the schemas of both sides, as [`Workflow::contents`]
    /// has them. The request is never repeated.
    ///
    /// # Errors
    /// When the account has a workflow of this name, or the contents are refused.
    pub async fn create_workflow(
        &self,
        name: impl AsRef<str>,
        title: impl AsRef<str>,
        contents: impl Into<Value>,
    ) -> Result<Workflow> {
        let body = json!({
            "name": name.as_ref(),
            "title": title.as_ref(),
            "contents": contents.into(),
        });
        let call = ApiCall::new(&self.http, Method::POST, "workflows").without_retries();
        call.json(&body).send_member("workflow").await
    }
}
