//! Operations of apps, organizations, assets and workflows, and requests to any operation. What the platform answers is
//! written as a recording, so that each request is compared as a whole.

use fal_mock::Replay;
use fal_sdk::platform::{
    Aggregation, AppEventCategory, AssetSection, AssetType, DeploymentStatus, Method, Platform,
    Product,
};
use fal_sdk::{Client, ErrorKind};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(super) struct Recorded {
    replay: Replay,
    pub(super) platform: Platform,
    _folder: TempDir,
}

/// A platform that answers these requests: method, path with query, body, status and reply.
pub(super) async fn answers(exchanges: &[(&str, &str, Value, u16, Value)]) -> Recorded {
    let folder = tempfile::tempdir().unwrap();
    for (number, (method, path, body, status, reply)) in exchanges.iter().enumerate() {
        let mut exchange = json!({
            "request": {"method": method, "url": format!("https://api.fal.ai/v1/{path}")},
            "reply": {"status": status, "headers": {"content-type": "application/json"}},
        });
        if !body.is_null() {
            exchange["request"]["body"] = json!({"json": body});
        }
        if !reply.is_null() {
            exchange["reply"]["body"] = json!({"json": reply});
        }
        let file = folder.path().join(format!("{number:04}.json"));
        std::fs::write(file, exchange.to_string()).unwrap();
    }
    let replay = Replay::start(folder.path()).await.unwrap();
    let client = Client::builder().key("id:secret").base_url(replay.url());
    Recorded {
        platform: client.build().unwrap().platform(),
        replay,
        _folder: folder,
    }
}

impl Recorded {
    pub(super) fn assert_all_made(&self) {
        assert_eq!(self.replay.mismatches(), Vec::<String>::new());
        assert_eq!(self.replay.unused(), Vec::<String>::new());
    }
}

pub(super) fn get(path: &str, reply: Value) -> (&str, &str, Value, u16, Value) {
    ("GET", path, Value::Null, 200, reply)
}

#[tokio::test]
async fn apps_with_their_revisions_events_and_runners() {
    let app = json!({"endpoint_id": "me/app", "name": "app", "owner": "me", "auth_mode": "private", "max_concurrency": 4});
    let revision = |id: &str| json!({"revision_id": id, "created_at": "t", "is_current": true, "status": "deployed", "message": null});
    let event = json!({"event_id": "e", "category": "runner_failed", "created_at": "t", "payload": {"reason": "oom"}});
    let counts = json!({"timestamp": "t", "running": 2, "idle": 0.5, "pending": 0, "draining": 0});
    let recorded = answers(&[
        get("serverless/apps?environment=main&expand=endpoints", json!({"apps": [app]})),
        get("serverless/apps/me/app/revisions?limit=1", json!({"revisions": [revision("r1")], "next_cursor": "c", "has_more": true})),
        get("serverless/apps/me/app/revisions?limit=1&cursor=c", json!({"revisions": [revision("r2")], "next_cursor": null, "has_more": false})),
        get(
            "serverless/apps/me/app/events?start=2026-08-01&category=runner_failed&category=config_changed",
            json!({"events": [event], "next_cursor": null, "has_more": false, "endpoint_id": "me/app"}),
        ),
        get(
            "serverless/apps/me/app/runners/history?aggregation=avg",
            json!({"history": [counts], "aggregation": "avg", "timeframe": "hour", "endpoint_id": "me/app"}),
        ),
    ])
    .await;
    let platform = &recorded.platform;
    let apps = platform
        .apps()
        .environment("main")
        .with_app_endpoints()
        .all()
        .await
        .unwrap();
    assert_eq!(
        (apps[0].name.as_str(), apps[0].max_concurrency),
        ("app", Some(4.0))
    );
    let revisions = platform
        .app_revisions("me/app/path")
        .unwrap()
        .limit(1)
        .all()
        .await
        .unwrap();
    let ids: Vec<&str> = revisions.iter().map(|it| it.revision_id.as_str()).collect();
    assert_eq!(ids, ["r1", "r2"]);
    assert_eq!(revisions[0].status, DeploymentStatus::Deployed);
    let events = platform.app_events("me/app").unwrap().start("2026-08-01");
    let events = events
        .category(AppEventCategory::RunnerFailed)
        .category(AppEventCategory::ConfigChanged);
    assert_eq!(events.await.unwrap().events[0].payload["reason"], "oom");
    let history = platform
        .runner_history("me/app")
        .unwrap()
        .aggregation(Aggregation::Average);
    assert_eq!(history.await.unwrap().history[0].idle, 0.5);
    recorded.assert_all_made();
    assert!(platform.app_events("no-app").is_err());
}

#[tokio::test]
async fn a_queue_is_flushed_in_part() {
    let path = "serverless/apps/me/app/queue?limit=5&caller_user_id=user%7C1";
    let recorded = answers(&[("DELETE", path, Value::Null, 204, Value::Null)]).await;
    let flush = recorded
        .platform
        .flush_queue("me/app")
        .limit(5)
        .caller_user_id("user|1");
    flush.await.unwrap();
    recorded.assert_all_made();
    let error = recorded.platform.flush_queue("app").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn teams_and_what_they_used() {
    let record = json!({
        "username": "film", "product": "model_apis", "endpoint_id": "a/b", "unit": "image", "quantity": 2, "unit_price": 0.1,
        "cost": 0.2, "currency": "USD",
    });
    let event = json!({"username": "film", "request_id": "r", "endpoint_id": "a/b", "timestamp": "t", "cost_total": 0.2});
    let recorded = answers(&[
        get("organization/teams", json!({"teams": [{"username": "film", "name": "Film", "is_org_root": false, "created_at": "t"}]})),
        get(
            "organization/usage?expand=summary&team_username=film&product=model_apis",
            json!({"summary": [record], "next_cursor": null, "has_more": false}),
        ),
        get("organization/billing-events?request_id=r", json!({"billing_events": [event], "next_cursor": null, "has_more": false})),
    ])
    .await;
    let platform = &recorded.platform;
    assert_eq!(platform.teams().all().await.unwrap()[0].name, "Film");
    let usage = platform
        .organization_usage()
        .with_summary()
        .team("film")
        .product(Product::ModelApis);
    assert_eq!(usage.await.unwrap().summary.unwrap()[0].cost, 0.2);
    let events = platform
        .organization_billing_events()
        .request("r")
        .all()
        .await
        .unwrap();
    assert_eq!(events[0].cost_total, Some(0.2));
    recorded.assert_all_made();
}

#[tokio::test]
async fn assets_and_workflows() {
    let asset = json!({
        "asset_id": "1", "vector_id": "v", "type": "3d", "title": "Cube", "is_favorited": true, "collection_ids": [],
        "tags": [{"id": "t", "name": "shapes"}], "width": null,
    });
    let workflow = json!({"name": "w", "title": "W", "user_nickname": "me", "created_at": "t", "is_public": true, "contents": {"nodes": {}}});
    let summary = json!({"name": "w", "title": "W", "user_nickname": "me", "created_at": "t", "tags": [], "endpoint_ids": ["a/b"]});
    let recorded = answers(&[
        get(
            "assets?q=cube&media_type=3d&section=favorites&tag_id=t",
            json!({"assets": [asset], "next_cursor": null, "has_more": false}),
        ),
        get("assets/1%2F2", json!({"asset": asset})),
        (
            "POST",
            "assets/uploads",
            json!({"url": "https://example.com/a.glb", "type": "3d"}),
            201,
            json!({"asset": asset}),
        ),
        get(
            "assets/tags",
            json!({"tags": [{"id": "t", "name": "shapes", "created_at": null}]}),
        ),
        get(
            "workflows?search=w&used_endpoint_ids=a%2Fb",
            json!({"workflows": [summary], "next_cursor": null, "has_more": false}),
        ),
        get("workflows/me/w", json!({"workflow": workflow})),
    ])
    .await;
    let platform = &recorded.platform;
    let assets = platform
        .assets()
        .search("cube")
        .media_type(AssetType::ThreeD);
    let assets = assets
        .section(AssetSection::Favorites)
        .tag("t")
        .all()
        .await
        .unwrap();
    assert_eq!(
        (assets[0].kind.clone(), assets[0].tags[0].name.as_str()),
        (AssetType::ThreeD, "shapes")
    );
    assert_eq!(platform.asset("1/2").await.unwrap().title, "Cube");
    let added = platform
        .add_asset("https://example.com/a.glb", AssetType::ThreeD)
        .await
        .unwrap();
    assert_eq!(added.asset_id.as_deref(), Some("1"));
    assert_eq!(platform.asset_tags().all().await.unwrap()[0].id, "t");
    assert_eq!(
        platform
            .workflows()
            .search("w")
            .using("a/b")
            .all()
            .await
            .unwrap()[0]
            .title,
        "W"
    );
    assert_eq!(
        platform.workflow("me", "w").await.unwrap().contents,
        json!({"nodes": {}})
    );
    recorded.assert_all_made();
    assert!(platform.workflow("..", "w").await.is_err());
}

#[tokio::test]
async fn any_operation_can_be_requested() {
    let recorded = answers(&[
        get(
            "compute/instances?limit=1",
            json!({"instances": [{"id": "i1"}], "next_cursor": "c", "has_more": true}),
        ),
        get(
            "compute/instances?limit=1&cursor=c",
            json!({"instances": [{"id": "i2"}], "next_cursor": null, "has_more": false}),
        ),
        (
            "POST",
            "assets/tags/t%2F1/assign",
            json!({"asset_id": "a"}),
            200,
            json!({"success": true}),
        ),
        (
            "DELETE",
            "compute/instances/i1",
            Value::Null,
            204,
            Value::Null,
        ),
        get("assets/tags", json!({"tags": []})),
        get("loop?cursor=x", json!({"items": [], "next_cursor": "x"})),
        get("list?limit=2&offset=1", json!({"items": [1, 2]})),
        get("list?limit=2&offset=3", json!({"items": [3]})),
        get("list?limit=2&offset=4", json!({"items": []})),
        get("same", json!({"items": [1]})),
        get("same?offset=1", json!({"items": [1]})),
    ])
    .await;
    let platform = &recorded.platform;
    let mut instances = platform
        .request(Method::GET, "compute/instances")
        .query("limit", 1)
        .items("instances");
    let mut ids = Vec::new();
    while let Some(instance) = instances.next().await {
        ids.push(instance.unwrap()["id"].clone());
    }
    assert_eq!(ids, ["i1", "i2"]);
    let assign = platform
        .request(Method::POST, "assets/tags")
        .segment("t/1")
        .segment("assign");
    let assign = assign.json(json!({"asset_id": "a"})).idempotent();
    assert_eq!(assign.await.unwrap(), json!({"success": true}));
    let delete = platform
        .request(Method::DELETE, "/compute/instances")
        .segment("i1");
    assert_eq!(delete.await.unwrap(), Value::Null);
    let bytes = platform
        .request(Method::GET, "assets/tags")
        .bytes()
        .await
        .unwrap();
    assert_eq!(bytes, r#"{"tags":[]}"#);
    let mut wrong = platform.request(Method::GET, "assets/tags").items("assets");
    let error = wrong.next().await.unwrap().unwrap_err();
    assert!(error.message().contains("no list `assets`"), "{error}");
    assert!(wrong.next().await.is_none());
    let mut endless = platform
        .request(Method::GET, "loop")
        .query("cursor", "x")
        .pages();
    assert!(
        endless
            .next()
            .await
            .unwrap()
            .unwrap_err()
            .message()
            .contains("its own cursor")
    );
    let list = platform.request(Method::GET, "list").query("limit", 2);
    let mut list = list.query("offset", 1).items_by_offset("items");
    let mut items = Vec::new();
    while let Some(item) = list.next().await {
        items.push(item.unwrap());
    }
    assert_eq!(items, [1, 2, 3]);
    let mut same = platform
        .request(Method::GET, "same")
        .items_by_offset("items");
    assert_eq!(same.next().await.unwrap().unwrap(), 1);
    let error = same.next().await.unwrap().unwrap_err();
    assert!(
        error.message().contains("same as the one before"),
        "{error}"
    );
    recorded.assert_all_made();
    for path in ["../keys", "assets?q=1", "", "//evil.example/keys"] {
        let error = platform.request(Method::GET, path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{path}");
    }
    assert!(
        platform
            .request(Method::GET, "assets")
            .segment("..")
            .await
            .is_err()
    );
}
