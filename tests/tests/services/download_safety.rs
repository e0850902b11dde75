//! Downloads: what they do not read from, not join and not replace.

use fal_mock::{Fault, Route};
use fal_sdk::{Client, ErrorKind, File};
use fal_tests::sample::{KEY, builder};

use super::downloads::{content, with_file};

/// To put a file in the place of a device can break a system.
#[cfg(unix)]
#[tokio::test]
async fn only_regular_files_are_replaced() {
    use std::os::unix::fs::FileTypeExt;

    let (server, fal, url) = with_file(b"hello").await;
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&socket, &link).unwrap();
    for path in [&socket, &link] {
        let error = fal.download(&url).to_path(path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().contains("not a regular file"), "{error}");
    }
    assert!(std::fs::metadata(&socket).unwrap().file_type().is_socket());
    assert_eq!(server.count(Route::Download), 0);
    // A link stays, and the file behind it is replaced.
    let file = folder.path().join("file");
    std::fs::write(&file, "an older one").unwrap();
    let link = folder.path().join("another link");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    fal.download(&url).to_path(&link).await.unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), b"hello");
    assert!(link.is_symlink());
}

/// Parts of two versions must never be joined.
#[tokio::test]
async fn a_part_of_another_version_is_not_joined_to_the_first() {
    let content = content();
    let size = content.len();
    let (server, fal, url) = with_file(&content).await;
    let part = |total: usize| {
        fal_mock::CannedReply::new(206)
            .header("content-range", &format!("bytes 1000000-1000004/{total}"))
    };
    let unsatisfiable = fal_mock::CannedReply::new(416).header("content-range", "bytes */1000000");
    for reply in [
        part(size).header("etag", "\"another\"").body("other"),
        part(1_000_005).body("other"),
        // The file has become as short as what has arrived of the older one.
        unsatisfiable,
    ] {
        let cut = Fault::Truncate {
            keep: Some(1_000_000),
        };
        server.inject(cut.on(Route::Download));
        server.inject(Fault::Reply(reply).on(Route::Download));
        let before = server.count(Route::Download);
        assert!(fal.download(&url).bytes().await.unwrap() == content);
        assert_eq!(server.count(Route::Download) - before, 3);
    }
}

/// The URLs of outputs come from others, and must not lead this program to services
/// that only it can reach.
#[tokio::test]
async fn files_come_from_the_public_internet_or_allowed_hosts_alone() {
    let (server, fal, url) = with_file(b"hello").await;
    let inside = [
        "https://127.0.0.1/a",
        "https://localhost/a",
        "http://127.0.0.1:9/a",
        "http://localhost:9/a",
        "https://0x7f000001/a",
        "https://2130706433/a",
        "https://127.1/a",
        "https://10.0.0.1/a",
        "https://192.168.0.1/a",
        "https://169.254.169.254/latest/meta-data",
        "http://169.254.169.254/latest/meta-data",
        "https://[::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://[fd00:ec2::254]/latest/meta-data",
        "https://[fe80::1]/a",
    ];
    let refused = |error: fal_sdk::Error, url: &str| {
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}: {error}");
        assert!(error.to_string().contains("allow_host"), "{url}: {error}");
    };
    for bad in inside {
        refused(fal.download(bad).bytes().await.unwrap_err(), bad);
        refused(File::new(bad).bytes().await.unwrap_err(), bad);
        server.inject(Fault::redirect(302, bad).on(Route::Download));
        refused(fal.download(&url).bytes().await.unwrap_err(), bad);
    }
    // Another port of a host that the client was pointed at is another service.
    let (_other, _, elsewhere) = with_file(b"there").await;
    refused(
        fal.download(&elsewhere).bytes().await.unwrap_err(),
        &elsewhere,
    );
    for host in [elsewhere.split('/').nth(2).unwrap(), "127.0.0.1"] {
        let fal = builder(&server).allow_host(host).build().unwrap();
        assert_eq!(fal.download(&elsewhere).bytes().await.unwrap(), "there");
    }
    let error = builder(&server)
        .allow_host("https://a/b")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
}

/// A network proxy is often at a private address, and resolves the names itself.
#[tokio::test]
async fn downloads_go_through_a_network_proxy_inside() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let served = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let length = socket.read(&mut request).await.unwrap();
        let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";
        socket.write_all(reply).await.unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let fal = Client::builder()
        .key(KEY)
        .allow_http(true)
        .http_client(move |builder| builder.proxy(reqwest::Proxy::all(&proxy).unwrap()))
        .build()
        .unwrap();
    let file = fal.download("http://files.example.com/a").bytes().await;
    assert_eq!(file.unwrap(), "hello");
    let request = served.await.unwrap();
    assert!(
        request.starts_with("GET http://files.example.com/a"),
        "{request}"
    );
    assert!(!request.contains(KEY));
}
