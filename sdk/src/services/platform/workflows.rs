//! The account's workflows.

use reqwest::Method;
use serde_json::{Value, json};

use super::Platform;
use super::call::ApiCall;
use super::list::ListRequest;
use super::listing::{filters, listing};
use crate::object;
use crate::transport::error::Result;

listing! {
    /// The list of the account's workflows: see [`Platform::workflows`].
    WorkflowListing: "workflows",
    WorkflowPage {
        /// The workflows.
        workflows: WorkflowSummary
    }
}

object! {
    /// A workflow without its contents, as [`Platform::workflows`] lists it.
    #[derive(Eq)]
    pub struct WorkflowSummary {
        /// The name of the workflow in its id and URL.
        pub name: required String;
        /// The title of the workflow.
        pub title: required String;
        /// The nickname of the user that owns the workflow.
        pub user_nickname: required String;
        /// When the workflow was created, in RFC 3339.
        pub created_at: required String;
        /// The URL of an image that illustrates the workflow.
        pub thumbnail_url: optional String;
        /// What the workflow does.
        pub description: optional String;
        /// The labels of the workflow.
        pub tags: optional Vec<String>;
        /// The ids of the endpoints that the workflow calls.
        pub endpoint_ids: optional Vec<String>;
    }
}

object! {
    /// A workflow with its contents: see [`Platform::workflow`].
    pub struct Workflow {
        /// The name of the workflow in its id and URL.
        pub name: required String;
        /// The title of the workflow.
        pub title: required String;
        /// The nickname of the user that owns the workflow.
        pub user_nickname: required String;
        /// When the workflow was created, in RFC 3339.
        pub created_at: required String;
        /// Whether everybody may call the workflow.
        pub is_public: required bool;
        /// The contents as JSON: the nodes of the workflow, its output, and the schemas of its
        /// input and output.
        pub contents: required Value;
    }
}

filters! {
    WorkflowListing {
        /// Lists only workflows whose name or title contains this text.
        search(text) => set "search";
        /// Lists only workflows that call an endpoint, given its id. Called more than once, it
        /// lists workflows that call at least one of the endpoints.
        using(endpoint_id) => add "used_endpoint_ids";
    }
}

impl Platform {
    /// Lists the account's workflows.
    pub fn workflows(&self) -> ListRequest<WorkflowListing> {
        ListRequest::new(&self.http)
    }

    /// Returns a workflow, given the nickname of its owner and its name.
    ///
    /// # Errors
    /// When there is no such workflow, or it belongs to another account and is not public.
    pub async fn workflow(
        &self,
        username: impl AsRef<str>,
        name: impl AsRef<str>,
    ) -> Result<Workflow> {
        let segments = [username.as_ref(), name.as_ref()];
        let call = self.call(Method::GET, "workflows", &segments)?;
        call.send_member("workflow").await
    }

    /// Creates a workflow. The name consists of letters, digits, `_` and `-`; `contents` has
    /// the form of [`Workflow::contents`]. The request is never retried.
    ///
    /// # Errors
    /// When the account already has a workflow of this name, or the platform refuses the
    /// contents.
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
