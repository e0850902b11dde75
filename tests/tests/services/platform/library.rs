//! The account's library: collections, characters, tags; machines and the files of apps.

use fal_mock::{Fault, Route};
use fal_sdk::platform::{
    AssetRef, CharacterFields, CollectionFields, CollectionType, InstanceSector, InstanceStatus,
    InstanceType, Method, Metric,
};
use fal_sdk::{ErrorKind, Media};
use fal_tests::sample::{client, script, server};
use serde_json::{Value, json};

use super::operations::{answers, get};

fn collection(id: &str, favorite: bool) -> Value {
    json!({
        "id": id, "type": "manual", "name": "Films", "description": null, "icon": null, "color": "red", "cover_image_url": null,
        "character_identifier": null, "parent_collection_id": null, "is_favorited": favorite, "asset_count": 2,
        "created_at": "t", "updated_at": "t",
    })
}

fn character(id: &str) -> Value {
    json!({
        "id": id, "type": "character", "name": "Ada", "description": "A robot", "icon": null, "color": null,
        "cover_image_url": null, "character_identifier": "ada", "parent_collection_id": null, "is_favorited": false,
        "created_at": "t", "updated_at": "t", "reference_images": ["v1"],
    })
}

#[tokio::test]
async fn collections_and_what_is_in_them() {
    let one = |favorite| json!({"collection": collection("c", favorite)});
    let recorded = answers(&[
        get(
            "assets/collections?limit=1",
            json!({"collections": [collection("a", false)]}),
        ),
        get(
            "assets/collections?limit=1&offset=1",
            json!({"collections": [collection("b", false)]}),
        ),
        get(
            "assets/collections?limit=1&offset=2",
            json!({"collections": []}),
        ),
        get("assets/collections/c", one(false)),
        (
            "POST",
            "assets/collections",
            json!({"name": "Films", "parent_collection_id": "p"}),
            201,
            one(false),
        ),
        (
            "PATCH",
            "assets/collections/c",
            json!({"color": "red"}),
            200,
            one(false),
        ),
        (
            "POST",
            "assets/collections/c/favorite",
            Value::Null,
            200,
            one(true),
        ),
        (
            "POST",
            "assets/collections/c/move",
            json!({"parent_collection_id": null}),
            200,
            one(false),
        ),
        get(
            "assets/collections/c/assets?q=cat",
            json!({"assets": [], "next_cursor": null}),
        ),
        (
            "POST",
            "assets/collections/c/assets",
            json!({"request_id": "r"}),
            200,
            json!({"success": true}),
        ),
        (
            "DELETE",
            "assets/collections/c/assets",
            json!({"asset_id": "x"}),
            204,
            Value::Null,
        ),
        (
            "DELETE",
            "assets/collections/c",
            Value::Null,
            204,
            Value::Null,
        ),
    ])
    .await;
    let platform = &recorded.platform;
    let all = platform.collections().limit(1).all().await.unwrap();
    let ids: Vec<&str> = all.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(
        (ids, &all[0].kind),
        (vec!["a", "b"], &CollectionType::Manual)
    );
    platform.collection("c").await.unwrap();
    let new = CollectionFields::new().name("Films").parent("p");
    platform.create_collection(new).await.unwrap();
    let red = CollectionFields::new().color("red");
    platform.update_collection("c", red).await.unwrap();
    let marked = platform.set_collection_favorite("c", true).await.unwrap();
    assert!(marked.is_favorited);
    platform.move_collection("c", None).await.unwrap();
    let cats = platform.collection_assets("c").search("cat");
    assert!(cats.all().await.unwrap().is_empty());
    let output = AssetRef::Request("r".to_owned());
    platform.add_to_collection("c", output).await.unwrap();
    platform.remove_from_collection("c", "x").await.unwrap();
    platform.delete_collection("c").await.unwrap();
    recorded.assert_all_made();
}

#[tokio::test]
async fn characters_and_tags() {
    let one = || json!({"character": character("c")});
    let tag = |name: &str| json!({"id": "t", "name": name, "created_at": null});
    let recorded = answers(&[
        get("assets/characters", json!({"characters": [character("c")]})),
        get("assets/characters?offset=1", json!({"characters": []})),
        get("assets/characters/c", one()),
        (
            "POST",
            "assets/characters",
            json!({"name": "Ada", "identifier": "ada", "description": "A robot", "reference_images": ["v1"]}),
            201,
            one(),
        ),
        ("PATCH", "assets/characters/c", json!({"name": "Ada"}), 200, one()),
        ("POST", "assets/characters/c/unfavorite", Value::Null, 200, one()),
        ("DELETE", "assets/characters/c", Value::Null, 204, Value::Null),
        ("POST", "assets/tags", json!({"name": "shapes"}), 201, json!({"tag": tag("shapes")})),
        ("PATCH", "assets/tags/t", json!({"name": "forms"}), 200, json!({"tag": tag("forms")})),
        get("assets/a/tags", json!({"tags": [tag("forms")]})),
        ("PUT", "assets/tags", json!({"asset_id": "a", "tag_ids": ["t"]}), 200, json!({"tags": [tag("forms")]})),
        ("POST", "assets/tags/t/assign", json!({"vector_id": "v"}), 200, json!({"success": true})),
        ("DELETE", "assets/tags/t/assign", json!({"asset_id": "a"}), 204, Value::Null),
        ("DELETE", "assets/tags/t", Value::Null, 204, Value::Null),
        ("POST", "assets/favorite", json!({"asset_id": "a"}), 200, json!({"is_favorited": true})),
        ("POST", "assets/unfavorite", json!({"asset_id": "a"}), 200, json!({"is_favorited": false})),
    ])
    .await;
    let platform = &recorded.platform;
    assert_eq!(platform.characters().all().await.unwrap()[0].name, "Ada");
    platform.character("c").await.unwrap();
    let new = CharacterFields::new()
        .name("Ada")
        .identifier("ada")
        .description("A robot");
    let new = new.reference_images(["v1"]);
    platform.create_character(new).await.unwrap();
    let name = CharacterFields::new().name("Ada");
    platform.update_character("c", name).await.unwrap();
    let unmarked = platform.set_character_favorite("c", false).await.unwrap();
    assert_eq!(unmarked.reference_images, ["v1"]);
    platform.delete_character("c").await.unwrap();
    platform.create_asset_tag("shapes").await.unwrap();
    let renamed = platform.rename_asset_tag("t", "forms").await.unwrap();
    assert_eq!(renamed.name, "forms");
    assert_eq!(platform.tags_of_asset("a").await.unwrap(), [renamed]);
    let tags = platform.set_tags_of_asset("a", ["t"]).await.unwrap();
    assert_eq!(tags.len(), 1);
    let found = AssetRef::Vector("v".to_owned());
    platform.assign_asset_tag("t", found).await.unwrap();
    platform.unassign_asset_tag("t", "a").await.unwrap();
    platform.delete_asset_tag("t").await.unwrap();
    platform.set_asset_favorite("a", true).await.unwrap();
    platform.set_asset_favorite("a", false).await.unwrap();
    recorded.assert_all_made();
    let error = platform.delete_asset_tag("..").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn machines_are_rented_and_returned() {
    let machine = json!({
        "id": "i", "instance_type": "gpu_8x_h100_sxm5", "region": "us-west", "sector": "sector_1", "status": "provisioning",
    });
    let recorded = answers(&[
        get("compute/instances", json!({"instances": [machine], "next_cursor": null, "has_more": false})),
        get("compute/instances/i", machine.clone()),
        (
            "POST",
            "compute/instances",
            json!({"instance_type": "gpu_8x_h100_sxm5", "ssh_key": "ssh-ed25519 A", "sector": "sector_1"}),
            201,
            machine.clone(),
        ),
        ("DELETE", "compute/instances/i", Value::Null, 204, Value::Null),
    ])
    .await;
    let platform = &recorded.platform;
    let all = platform.compute_instances().all().await.unwrap();
    assert_eq!(all[0], platform.compute_instance("i").await.unwrap());
    let (kind, sector) = (InstanceType::EightH100, Some(InstanceSector::Sector1));
    let rented = platform
        .create_compute_instance(kind, "ssh-ed25519 A", sector)
        .await
        .unwrap();
    assert_eq!(rented.status, InstanceStatus::Provisioning);
    platform.delete_compute_instance("i").await.unwrap();
    recorded.assert_all_made();
}

#[tokio::test]
async fn what_apps_used_and_what_they_share() {
    let file = json!({
        "path": "data/a.txt", "name": "a.txt", "created_time": "t", "updated_time": "t", "is_file": true, "size": 5,
    });
    let record = json!({
        "app": "app", "environment": null, "machine_type": "GPU-H100", "unit": "second", "quantity": 2, "unit_price": 1,
        "percent_discount": null, "cost_subtotal": 2, "cost_discount": 0, "cost_total": 2, "cost": 2, "currency": "USD",
        "is_surge": false,
    });
    let workflow = json!({"name": "w", "title": "W", "user_nickname": "me", "created_at": "t", "is_public": false, "contents": {}});
    let recorded = answers(&[
        get("serverless/files/list", json!([file])),
        get("serverless/files/list/data/new%20ones", json!([])),
        get("serverless/files/file/data/a.txt", json!("the content")),
        (
            "POST",
            "serverless/files/file/url/data/b.txt",
            json!({"url": "https://example.com/b.txt"}),
            200,
            json!(true),
        ),
        get(
            "serverless/usage?expand=summary&app=app",
            json!({"summary": [record], "next_cursor": null}),
        ),
        get(
            "serverless/analytics?endpoint_id=me%2Fapp&expand=time_series&expand=request_count",
            json!({"time_series": [], "next_cursor": null}),
        ),
        get(
            "serverless/requests/by-endpoint?endpoint_id=me%2Fapp",
            json!({"items": [], "next_cursor": null}),
        ),
        get("serverless/metrics", json!("runners 1")),
        (
            "POST",
            "workflows",
            json!({"name": "w", "title": "W", "contents": {"nodes": {}}}),
            201,
            json!({"workflow": workflow}),
        ),
    ])
    .await;
    let platform = &recorded.platform;
    assert_eq!(platform.app_files("").await.unwrap()[0].size, 5.0);
    assert!(
        platform
            .app_files("/data/new ones/")
            .await
            .unwrap()
            .is_empty()
    );
    let content = platform.app_file("data/a.txt").await.unwrap();
    assert_eq!(content, r#""the content""#);
    let url = Media::url("https://example.com/b.txt");
    platform.set_app_file("data/b.txt", url).await.unwrap();
    let usage = platform.app_usage().with_summary().app("app");
    assert_eq!(usage.await.unwrap().summary.unwrap()[0].cost_total, 2.0);
    let figures = platform.app_analytics(["me/app"], [Metric::RequestCount]);
    assert_eq!(figures.await.unwrap().time_series.unwrap(), []);
    assert!(
        platform
            .app_requests("me/app")
            .all()
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(platform.app_metrics().await.unwrap(), r#""runners 1""#);
    let contents = json!({"nodes": {}});
    let created = platform.create_workflow("w", "W", contents).await.unwrap();
    assert!(!created.is_public);
    recorded.assert_all_made();
    for path in ["", "../keys", "a//b"] {
        let error = platform.app_file(path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{path}");
    }
}

#[tokio::test]
async fn files_travel_in_forms() {
    let server = server(script()).await;
    server.inject(Fault::json(200, json!(true)).on(Route::Keys));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no\"tes.txt");
    std::fs::write(&path, "hello").unwrap();
    let platform = client(&server).platform();
    // The server has no such operation, and keeps what was sent.
    let error = platform
        .set_app_file("a/notes.txt", Media::path(&path))
        .await;
    assert_eq!(error.unwrap_err().status(), Some(404));
    let form = platform
        .request(Method::POST, "keys")
        .form_text("unzip", "true")
        .form_file("file_upload", Media::bytes("zip", "application/zip"));
    assert_eq!(form.await.unwrap(), true);
    let requests = server.requests();
    let path = "/v1/serverless/files/file/local/a/notes.txt";
    assert!(requests[0].path.ends_with(path), "{}", requests[0].path);
    let sent = |index: usize| {
        let request = &requests[index];
        let kind = request.header("content-type").unwrap();
        let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
        let body = String::from_utf8(request.body.to_vec()).unwrap();
        body.replace(boundary, "B")
    };
    assert_eq!(
        sent(0),
        "--B\r\nContent-Disposition: form-data; name=\"file_upload\"; filename=\"no%22tes.txt\"\r\n\
         Content-Type: text/plain\r\n\r\nhello\r\n--B--\r\n"
    );
    assert_eq!(
        sent(1),
        "--B\r\nContent-Disposition: form-data; name=\"unzip\"\r\n\r\ntrue\r\n\
         --B\r\nContent-Disposition: form-data; name=\"file_upload\"; filename=\"upload.zip\"\r\n\
         Content-Type: application/zip\r\n\r\nzip\r\n--B--\r\n"
    );
    let reader = Media::reader(tokio::io::empty(), "text/plain");
    let missing = Media::path("no/such/file");
    for (file, kind) in [(reader, ErrorKind::Usage), (missing, ErrorKind::Io)] {
        let error = platform.set_app_file("c", file).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
    let both = platform.request(Method::POST, "x").json(json!({}));
    let error = both.form_text("a", "b").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert_eq!(server.total(), 2);
}
