//! TLS with the library that a program chose, certificates of one's own, and network
//! proxies. `.ci/run` runs this with each of the libraries.

use std::process::Command;
use std::sync::{Arc, Mutex};

use fal_mock::{MockServer, Route};
use fal_sdk::reqwest::{Certificate, Proxy};
use fal_sdk::{Client, ClientBuilder, ErrorKind};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const MODEL: &str = "acme/painter";

async fn server() -> MockServer {
    MockServer::builder()
        .app(MODEL)
        .tls()
        .start()
        .await
        .unwrap()
}

fn builder(base: &str) -> ClientBuilder {
    Client::builder().key("id:secret").base_url(base)
}

fn secure(server: &MockServer) -> String {
    format!("https://{}", server.address())
}

async fn call(fal: &Client) -> fal_sdk::Result<serde_json::Value> {
    let endpoint = fal.endpoint(MODEL)?;
    endpoint.subscribe(json!({"prompt": "a cat"})).await
}

#[tokio::test]
async fn a_certificate_of_ones_own_is_trusted_when_it_is_given() {
    let server = server().await;
    let pem = server.ca_pem().unwrap().to_owned();
    let unknown = call(&builder(&secure(&server)).build().unwrap())
        .await
        .unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Connection, "{unknown}");
    assert!(unknown.to_string().contains("certificate"), "{unknown}");
    let fal = builder(&secure(&server)).http_client(move |http| {
        match Certificate::from_pem(pem.as_bytes()) {
            Ok(own) => http.tls_certs_merge([own]),
            Err(_) => http,
        }
    });
    call(&fal.build().unwrap()).await.unwrap();
    let seen = server.requests_to(Route::Submit);
    assert!(seen.len() == 1 && seen[0].secure, "{seen:?}");
    assert_eq!(
        seen[0].version, "HTTP/2.0",
        "agreed on in the TLS handshake"
    );
}

/// A test of its own process, which starts it with `SSL_CERT_FILE`.
#[tokio::test]
#[ignore = "started by `the_environment_names_certificates`"]
async fn the_environment_named_a_certificate() {
    let base = std::env::var("FAL_TEST_BASE").unwrap();
    call(&builder(&base).build().unwrap()).await.unwrap();
}

/// On Linux every one of the libraries reads the file; elsewhere rustls asks the operating
/// system.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_environment_names_certificates() {
    let server = server().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, server.ca_pem().unwrap()).unwrap();
    let child = |with_file: bool| {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args([
            "--ignored",
            "--exact",
            "the_environment_named_a_certificate",
        ]);
        child
            .env("FAL_TEST_BASE", secure(&server))
            .env_remove("SSL_CERT_DIR");
        match with_file {
            true => child.env("SSL_CERT_FILE", &file),
            false => child.env_remove("SSL_CERT_FILE"),
        };
        tokio::task::spawn_blocking(move || child.output().unwrap())
    };
    let told = child(true).await.unwrap();
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stdout)
    );
    assert!(!child(false).await.unwrap().status.success());
}

/// A test of its own process, which starts it with `SSL_CERT_FILE`.
#[tokio::test]
#[ignore = "started by `certificates_are_read_when_a_url_needs_them`"]
async fn the_server_is_called_in_plain_text() {
    let base = std::env::var("FAL_TEST_BASE").unwrap();
    let fal = builder(&base).build().unwrap();
    call(&fal).await.unwrap();
    let url = fal.storage().upload("a cat").await.unwrap().url;
    assert_eq!(fal.download(&url).bytes().await.unwrap(), "a cat");
    let secure = url.replacen("http://", "https://", 1);
    let downloaded = fal.download(secure).bytes().await;
    match std::env::var("FAL_TEST_TRUSTS").is_ok() {
        true => assert_eq!(downloaded.unwrap(), "a cat"),
        false => assert!(downloaded.is_err()),
    }
}

/// A client of a server on this machine reads no certificates of the system before an
/// `https` URL needs them; rustls cannot even be set up where there are none.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn certificates_are_read_when_a_url_needs_them() {
    let server = server().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    let child = |trusts: bool| {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--ignored", "--exact", "the_server_is_called_in_plain_text"]);
        child
            .env("FAL_TEST_BASE", server.url())
            .env("SSL_CERT_FILE", &file)
            .env("SSL_CERT_DIR", folder.path());
        if trusts {
            child.env("FAL_TEST_TRUSTS", "1");
        }
        tokio::task::spawn_blocking(move || child.output().unwrap())
    };
    for trusts in [false, true] {
        if trusts {
            std::fs::write(&file, server.ca_pem().unwrap()).unwrap();
        }
        let told = child(trusts).await.unwrap();
        let printed = String::from_utf8_lossy(&told.stdout);
        assert!(told.status.success(), "trusts: {trusts}\n{printed}");
    }
}

/// The heads of the requests that a network proxy was sent.
type Heads = Arc<Mutex<Vec<String>>>;

/// A network proxy that asks for a password, and connects to whatever it is asked for.
async fn network_proxy() -> (String, Heads) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heads = Heads::default();
    let noted = Arc::clone(&heads);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(tunnel(socket, Arc::clone(&noted)));
        }
    });
    (url, heads)
}

async fn tunnel(mut socket: TcpStream, heads: Heads) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let may_pass = head.to_lowercase().contains("proxy-authorization: basic ");
    heads.lock().unwrap().push(head);
    if !may_pass {
        return socket
            .write_all(b"HTTP/1.1 407 X\r\ncontent-length: 0\r\n\r\n")
            .await;
    }
    let mut there = TcpStream::connect(target).await?;
    socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    tokio::io::copy_bidirectional(&mut socket, &mut there).await?;
    Ok(())
}

/// The proxy sees where the connection leads, and nothing that is sent over it.
#[tokio::test]
async fn calls_go_through_a_network_proxy_that_asks_for_a_password() {
    let server = server().await;
    let pem = server.ca_pem().unwrap().to_owned();
    let (url, heads) = network_proxy().await;
    let fal = |password: Option<&'static str>| {
        let (pem, url) = (pem.clone(), url.clone());
        let fal = builder(&secure(&server)).http_client(move |http| {
            let (Ok(own), Ok(proxy)) = (Certificate::from_pem(pem.as_bytes()), Proxy::https(&url))
            else {
                return http;
            };
            let proxy = match password {
                Some(password) => proxy.basic_auth("user", password),
                None => proxy,
            };
            http.tls_certs_merge([own]).proxy(proxy)
        });
        fal.build().unwrap()
    };
    let refused = call(&fal(None)).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Connection);
    assert!(refused.to_string().contains("network proxy"), "{refused}");
    assert_eq!(server.total(), 0);
    call(&fal(Some("s3cret-word"))).await.unwrap();
    assert_eq!(server.count(Route::Submit), 1);
    let heads = heads.lock().unwrap();
    assert!(
        heads.iter().all(|head| head.starts_with("CONNECT ")),
        "{heads:?}"
    );
    assert!(!heads.iter().any(|head| head.contains("Key id:secret")));
}
