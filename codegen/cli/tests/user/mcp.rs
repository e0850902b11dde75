//! `cargo fal mcp`, driven by the client of the Rust SDK of MCP.

use crate::bench::{Crate, ID, document, server};
use fal_mock::{Fault, MockServer, Route, Script};
use rmcp::{
    ClientHandler, RoleClient, ServiceError, ServiceExt as _,
    model::{
        CallToolRequest, CallToolRequestParams, CallToolResult, ClientRequest,
        ProgressNotificationParam,
    },
    service::{NotificationContext, PeerRequestOptions, RunningService},
};
use serde_json::{Value, json};
use std::{
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::process::{Child, Command};

/// A host that keeps the messages about progress.
#[derive(Clone, Default)]
struct Host(Arc<Mutex<Vec<String>>>);

impl ClientHandler for Host {
    async fn on_progress(
        &self,
        params: ProgressNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        self.0.lock().unwrap().extend(params.message);
    }
}

struct Session {
    child: Child,
    host: Host,
    service: RunningService<RoleClient, Host>,
}

impl Session {
    async fn start(krate: &Crate, server: &MockServer, arguments: &[&str]) -> Self {
        let arguments = [&["mcp"], arguments].concat();
        let mut child = Command::from(krate.command(&server.url(), &arguments))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let transport = (child.stdout.take().unwrap(), child.stdin.take().unwrap());
        let host = Host::default();
        let service = host.clone().serve(transport).await.unwrap();
        Self {
            child,
            host,
            service,
        }
    }

    async fn call(&self, tool: &str, input: Value) -> Result<CallToolResult, ServiceError> {
        let Value::Object(arguments) = input else {
            panic!("not an object: {input}");
        };
        let params = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        self.service.call_tool(params).await
    }

    /// Calls the model, and returns the text of the error.
    async fn refused(&self, input: Value) -> String {
        let result = self.call(TOOL, input).await.unwrap();
        assert_eq!(result.is_error, Some(true), "{result:?}");
        result.content[0].as_text().unwrap().text.clone()
    }

    async fn good(&self, input: Value) -> Value {
        let result = self.call(TOOL, input).await.unwrap();
        assert_eq!(result.is_error, Some(false), "{result:?}");
        result.structured_content.unwrap()
    }

    /// Closes standard input, and returns the exit code and what was written to standard error.
    async fn end(self) -> (Option<i32>, String) {
        self.service.cancel().await.unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(60), self.child.wait_with_output());
        let ended = ended.await.unwrap().unwrap();
        (
            ended.status.code(),
            String::from_utf8_lossy(&ended.stderr).into_owned(),
        )
    }
}

const TOOL: &str = "acme_sketch";

fn priced() -> MockServer {
    MockServer::builder()
        .document(document(ID, 50))
        .price(ID, 0.25, "image")
        .default_script(Script::new().queue([1, 0], Duration::from_millis(300)))
        .start_on_thread()
        .unwrap()
}

#[tokio::test]
async fn only_the_chosen_models_are_tools() {
    let server = server([document(ID, 50), document("acme/other", 50)]);
    let krate = Crate::empty();
    let session = Session::start(&krate, &server, &[ID, "--unlimited"]).await;
    let tools = session.service.list_all_tools().await.unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    assert_eq!(names, [TOOL]);
    let schema = Value::Object((*tools[0].input_schema).clone());
    assert_eq!(schema["properties"]["steps"]["maximum"], 50);
    assert_eq!(
        (&schema["type"], &schema["required"]),
        (&json!("object"), &json!(["prompt"]))
    );
    let refused = session
        .call("acme_other", json!({"prompt": "a"}))
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("there is no tool"),
        "{refused}"
    );
    assert_eq!(server.jobs_created(), 0);
    let (code, told) = session.end().await;
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("offering acme/sketch"), "{told}");
}

#[tokio::test]
async fn a_call_returns_links_with_progress_and_cost() {
    let (server, krate) = (priced(), Crate::empty());
    let session = Session::start(&krate, &server, &[ID, "--budget", "1"]).await;
    let description = session
        .service
        .list_all_tools()
        .await
        .unwrap()
        .swap_remove(0)
        .description;
    let description = description.unwrap();
    assert!(description.contains("0.25 USD per image"), "{description}");
    assert!(
        description.contains("together may cost 1 USD"),
        "{description}"
    );
    let report = session
        .good(json!({"prompt": "a lighthouse", "steps": 5}))
        .await;
    assert!(report["output"]["images"][0]["url"].is_string(), "{report}");
    assert_eq!(report["request_id"], server.jobs()[0].request_id.as_str());
    assert_eq!(report["cost"]["currency"], "USD");
    let told = session.host.0.lock().unwrap().join("\n");
    assert!(told.contains("completed"), "{told}");
    session.end().await;
}

#[tokio::test]
async fn bad_input_and_an_empty_budget_cost_nothing() {
    let (server, krate) = (priced(), Crate::empty());
    let session = Session::start(&krate, &server, &[ID, "--budget", "0.4"]).await;
    let told = session.refused(json!({"steps": 99})).await;
    assert!(
        told.contains("/prompt is required") && told.contains("/steps: 99"),
        "{told}"
    );
    // Both are expected to cost 0.25, so that only one of them may be made at a time.
    let (one, other) = tokio::join!(
        session.call(TOOL, json!({"prompt": "a"})),
        session.call(TOOL, json!({"prompt": "b"})),
    );
    let errors = [one.unwrap(), other.unwrap()].map(|result| result.is_error == Some(true));
    assert_ne!(errors[0], errors[1]);
    assert_eq!(server.jobs_created(), 1);
    session.end().await;

    // Without a price, a budget allows nothing.
    let unpriced = crate::bench::server([document(ID, 50)]);
    for route in [Route::Pricing, Route::Estimate] {
        unpriced.inject(Fault::status(404).on(route).always());
    }
    let session = Session::start(&krate, &unpriced, &[ID, "--budget", "100"]).await;
    let told = session.refused(json!({"prompt": "a"})).await;
    assert!(
        told.contains("no price") && told.contains("--unlimited"),
        "{told}"
    );
    assert_eq!(unpriced.jobs_created(), 0);
    session.end().await;
}

#[tokio::test]
async fn files_go_in_from_allowed_folders_and_come_out_into_one() {
    let (server, krate) = (priced(), Crate::empty());
    krate.write("pictures/in.png", "a picture");
    krate.write("secret.txt", "a secret");
    let arguments = [ID, "--unlimited", "--allow", "pictures", "-o", "out"];
    let session = Session::start(&krate, &server, &arguments).await;
    let url = |file: &str| format!("file://{}", krate.path(file).display());
    let secret = json!({"prompt": "a", "image_url": url("secret.txt")});
    let told = session.refused(secret).await;
    assert!(
        told.contains("/image_url: ") && told.contains("none of the folders"),
        "{told}"
    );
    let told = session
        .refused(json!({"prompt": "a", "image_url": url("pictures/../secret.txt")}))
        .await;
    assert!(told.contains("none of the folders"), "{told}");
    assert!(server.files().is_empty());
    let report = session
        .good(json!({"prompt": "a", "image_url": url("pictures/in.png")}))
        .await;
    assert_eq!(server.files().len(), 1);
    let sent = server.requests_to(Route::Submit)[0].json().unwrap();
    assert!(
        sent["image_url"].as_str().unwrap().starts_with("http"),
        "{sent}"
    );
    let saved = report["files"][0].as_str().unwrap();
    assert!(krate.path(saved).is_file(), "{saved}");
    session.end().await;
}

#[tokio::test]
async fn a_call_that_is_cancelled_cancels_its_job() {
    let server = MockServer::builder()
        .document(document(ID, 50))
        .default_script(Script::new().queue([5], Duration::from_secs(600)))
        .start_on_thread()
        .unwrap();
    let krate = Crate::empty();
    let session = Session::start(&krate, &server, &[ID, "--unlimited"]).await;
    for count in [1, 2] {
        let arguments = json!({"prompt": "a"}).as_object().cloned().unwrap();
        let params = CallToolRequestParams::new(TOOL).with_arguments(arguments);
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
        let peer = session.service.peer();
        let options = PeerRequestOptions::default();
        let handle = peer
            .send_cancellable_request(request, options)
            .await
            .unwrap();
        wait(|| server.jobs_created() == count && server.count(Route::StatusStream) >= count).await;
        if count == 1 {
            handle.cancel(Some("no more".to_owned())).await.unwrap();
            wait(|| server.count(Route::Cancel) == 1).await;
        }
    }
    // A host that goes away leaves no job behind either.
    let (_, told) = session.end().await;
    wait(|| server.count(Route::Cancel) >= 2).await;
    let cancelled: Vec<_> = server
        .requests_to(Route::Cancel)
        .iter()
        .map(|it| it.path.clone())
        .collect();
    let second = &server.jobs()[1].request_id;
    assert!(
        cancelled.iter().any(|path| path.contains(second.as_str())),
        "{cancelled:?} {told}"
    );
}

async fn wait(until: impl Fn() -> bool) {
    let waiting = async {
        while !until() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .expect("in time");
}

#[test]
fn bad_usage_is_told_before_anything_is_offered() {
    let server = server([document(ID, 50)]);
    let krate = Crate::empty();
    for (arguments, words) in [
        (vec!["mcp", ID], "--budget"),
        (vec!["mcp", ID, "--budget", "much"], "an amount is a number"),
        (vec!["mcp", ID, "--budget", "-1"], "--budget"),
        (
            vec!["mcp", ID, "--unlimited", "--allow", "nowhere"],
            "cannot read nowhere",
        ),
        (vec!["mcp", "acme/unknown", "--unlimited"], "acme/unknown"),
        (vec!["mcp", "--unlimited"], "ID|URL"),
    ] {
        let ended = krate.fal(&server, &arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?} {}", ended.err);
        assert!(ended.err.contains(words), "{arguments:?} {}", ended.err);
        assert_eq!(ended.out, "", "{arguments:?}");
    }
}
