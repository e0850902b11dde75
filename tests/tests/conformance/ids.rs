use fal_mock::{Fault, MockServer, Route};
use fal_sdk::{EndpointId, State};
use fal_tests::sample::client;
use serde_json::json;

use super::cases;

#[test]
fn ids_are_taken_apart() {
    for case in cases("app_id_parsing.json", "cases") {
        let input = case["input"].as_str().unwrap();
        let expect = &case["expect"];
        match EndpointId::parse(input) {
            Err(_) => assert!(expect["error"].is_string(), "{input}"),
            Ok(id) => {
                assert_eq!(id.namespace(), expect["namespace"].as_str(), "{input}");
                assert_eq!(Some(id.owner()), expect["owner"].as_str(), "{input}");
                assert_eq!(Some(id.alias()), expect["alias"].as_str(), "{input}");
                assert_eq!(id.path(), expect["path"].as_str(), "{input}");
            }
        }
    }
}

/// Each operation is asked of the URL that the vectors name.
#[tokio::test]
async fn urls_are_formed() {
    for case in cases("url_building.json", "queue") {
        let server = MockServer::builder().any_app().start().await.unwrap();
        let fal = client(&server);
        let text = |name: &str| case[name].as_str().unwrap();
        let endpoint = fal.endpoint(text("id")).unwrap();
        endpoint.run(json!({})).await.unwrap();
        endpoint.submit(json!({})).await.unwrap();

        let job = endpoint.job(text("request_id")).unwrap();
        let completed = json!({"status": "COMPLETED"});
        server.inject(Fault::json(200, completed).on(Route::Status).times(3));
        assert_eq!(job.status().await.unwrap().state, State::Completed);
        job.status().logs(true).await.unwrap();
        server.inject(Fault::json(200, json!({})).on(Route::Result));
        job.result().await.unwrap();
        job.cancel().await.unwrap();

        let sent = |route: Route, at: usize| {
            let request = &server.requests_to(route)[at];
            let host = request.host.unwrap().names()[0];
            format!("https://{host}{}", request.path)
        };
        assert_eq!(sent(Route::Run, 0), text("run"));
        assert_eq!(sent(Route::Submit, 0), text("submit"));
        assert_eq!(sent(Route::Status, 0), text("status"));
        let with_logs = &server.requests_to(Route::Status)[1];
        assert_eq!(
            format!("{}?{}", sent(Route::Status, 1), with_logs.query),
            text("status_logs")
        );
        assert_eq!(sent(Route::StatusStream, 0), text("status_stream"));
        assert_eq!(sent(Route::Result, 0), text("result"));
        assert_eq!(sent(Route::Cancel, 0), text("cancel"));
    }
}
