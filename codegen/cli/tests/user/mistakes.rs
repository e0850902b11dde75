//! What goes wrong: each with an error that says what, where and how to correct it, and nothing half written.

use crate::bench::{Crate, Ended, ID, document, server};
use fal_mock::{Fault, Route};
use serde_json::json;
use std::net::TcpListener;

/// An address at which nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn no_network() {
    let krate = Crate::new();
    let nobody = nobody();
    let platform = format!("{nobody}/platform/v1");
    krate.refused(
        &nobody,
        &["add", ID],
        &[ID, &platform, "network", "nothing was changed"],
    );
    krate.refused(
        &nobody,
        &["search", "x"],
        &[&platform, "does not answer", "network"],
    );
}

#[test]
fn a_proxy_that_is_not_there() {
    let krate = Crate::new();
    let before = krate.files();
    let mut command = krate.command("", &["add", ID]);
    let output = command.env("HTTPS_PROXY", nobody()).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("proxy (HTTPS_PROXY)"), "{error}");
    assert!(krate.files() == before);
}

#[test]
fn an_unknown_id() {
    let (krate, server) = (Crate::new(), server([document(ID, 9)]));
    let words = [
        "no such endpoint",
        "did you mean fal-ai/flux/dev",
        "nothing was changed",
    ];
    krate.refused(&server.url(), &["add", "fal-ai/flux/dve"], &words);
    krate.refused(
        &server.url(),
        &["add", ID, "acme/nothing-like-it"],
        &["acme/nothing-like-it"],
    );
    for command in ["add", "page"] {
        let nowhere = [command, "acme/nothing-like-it"];
        let words = ["no such endpoint", "check the id at https://fal.ai/models"];
        krate.refused(&server.url(), &nowhere, &words);
    }
    krate.refused(&server.url(), &["add", "../climb"], &["../climb"]);
    krate.refused(
        &server.url(),
        &["add", "https://example.com/a/b"],
        &["not the URL of a model"],
    );
}

#[test]
fn a_document_that_is_another_ones_half_or_broken() {
    let mut other = document("acme/other", 9);
    other["info"]["x-fal-metadata"]["endpointId"] = json!(ID);
    let krate = Crate::new();
    // Served under its metadata's id, and yet its paths are another endpoint's.
    let server = server([other]);
    krate.refused(&server.url(), &["add", ID], &[ID, "nothing was changed"]);
    let server = crate::bench::server([document(ID, 9)]);
    server.inject(
        Fault::Truncate { keep: Some(200) }
            .on(Route::Models)
            .on(Route::Document)
            .always(),
    );
    krate.refused(
        &server.url(),
        &["add", ID],
        &[ID, "is incomplete", "nothing was changed"],
    );
}

#[test]
fn folders_that_cannot_be_written() {
    let (krate, server) = (Crate::new(), server([document(ID, 9)]));
    // A file where the folder of the owner would be. (Tests may run as root, who may write everywhere.)
    krate.write("schemas/acme", "");
    let words = ["schemas/acme", "nothing was changed"];
    krate.refused(&server.url(), &["add", ID], &words);
    let krate = Crate::new();
    std::fs::create_dir(krate.path("build.rs")).unwrap();
    krate.refused(&server.url(), &["add", ID], &["build.rs"]);
}

#[test]
fn a_lock_file_that_is_half_there_is_named_where_it_is() {
    let (krate, server) = (Crate::new(), server([document(ID, 9)]));
    krate.good(&server, &["add", ID]);
    krate.write("schemas/catalog.lock.json", "{");
    let place = krate.path("schemas/catalog.lock.json").canonicalize();
    let place = place.unwrap().display().to_string();
    for command in [&["update"][..], &["add", "acme/other"], &["page", ID]] {
        krate.refused(&server.url(), command, &[&place, "version control"]);
    }
}

#[test]
fn nothing_to_serve() {
    let server = server([]);
    let words = ["schemas", "cargo fal add ID", "cargo fal mock --any-app"];
    Crate::new().refused(&server.url(), &["mock", "--port", "0"], &words);
    let words = ["no Cargo.toml", "cargo new", "cargo fal mock --any-app"];
    Crate::empty().refused(&server.url(), &["mock", "--port", "0"], &words);
}

#[test]
fn manifests_that_are_not_those_of_a_crate() {
    let server = server([document(ID, 9)]);
    let krate = Crate::empty();
    krate.refused(&server.url(), &["add", ID], &["no Cargo.toml", "cargo new"]);
    krate.write("Cargo.toml", "[workspace]\nmembers = [\"app\", \"lib\"]\n");
    krate.refused(
        &server.url(),
        &["add", ID],
        &["root of a workspace", "app, lib"],
    );
    krate.write("Cargo.toml", "[package\n");
    krate.refused(
        &server.url(),
        &["add", ID],
        &["Cargo.toml is not a manifest", "line 1"],
    );
    let krate = Crate::new();
    krate.refused(
        &server.url(),
        &["add", ID, "--sdk", "/no/such/folder"],
        &["/no/such/folder", "--sdk"],
    );
    krate.refused(
        &server.url(),
        &["add", ID, "--schemas", "../out"],
        &["../out", "below"],
    );
}

#[test]
fn a_key_that_is_not_one_is_not_shown() {
    let (krate, server) = (Crate::new(), server([document(ID, 9)]));
    let before = krate.files();
    let mut command = krate.command(&server.url(), &["add", ID]);
    let output = command.env("FAL_KEY", "sec\nret").output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(
        error.contains("FAL_KEY") && !error.contains("sec\nret"),
        "{error}"
    );
    assert!(krate.files() == before);
}

#[test]
fn no_key_where_one_is_needed() {
    let (krate, server) = (Crate::new(), server([document(ID, 9)]));
    for arguments in [
        &["run", ID, "prompt=night"][..],
        &["mcp", ID, "--unlimited"],
        &["price", ID],
    ] {
        let mut command = krate.command(&server.url(), arguments);
        let ended: Ended = command.env_remove("FAL_KEY").output().unwrap().into();
        assert_eq!(ended.code, Some(2), "{arguments:?}: {}", ended.err);
        for words in ["FAL_KEY", "https://fal.ai/dashboard/keys"] {
            assert!(ended.err.contains(words), "{arguments:?}: {}", ended.err);
        }
        assert!(!ended.err.contains("builder"), "{}", ended.err);
    }
    assert_eq!(server.jobs_created(), 0);
}

#[test]
fn an_update_that_fails_changes_nothing() {
    let krate = Crate::new();
    let first = server([document(ID, 50), document("acme/other", 50)]);
    krate.refused(
        &first.url(),
        &["update"],
        &["no documents", "cargo fal add"],
    );
    krate.good(&first, &["add", ID, "acme/other"]);
    krate.refused(
        &first.url(),
        &["update", "acme/third"],
        &["no document of acme/third"],
    );
    // One has changed, and the other is gone.
    let second = server([document(ID, 40)]);
    krate.refused(
        &second.url(),
        &["update"],
        &["acme/other", "nothing was changed"],
    );
}

#[test]
fn bad_usage_ends_with_2_and_help_with_0() {
    let (krate, server) = (Crate::new(), server([]));
    for arguments in [
        &["nonsense"][..],
        &["add"],
        &["search"],
        &["price"],
        &["page"],
    ] {
        let ended = krate.fal(&server, arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}: {}", ended.err);
    }
    let unlimited = krate.fal(&server, &["mcp", ID]).err;
    assert!(
        unlimited.contains("--budget <AMOUNT>|--unlimited"),
        "{unlimited}"
    );
    let help = krate.good(&server, &[]);
    for command in [
        "add",
        "update",
        "search",
        "page",
        "price",
        "mock",
        "Exit codes",
    ] {
        assert!(help.contains(command), "{help}");
    }
    krate.good(&server, &["add", "--help"]);
}
