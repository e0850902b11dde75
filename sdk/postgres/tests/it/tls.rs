//! Connections over TLS to a server with a certificate of a private authority.

use std::sync::Arc;

use fal_batch_postgres::{ErrorKind, Store, Worker};
use fal_test_postgres::Cluster;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};

use crate::mistakes::says;
use crate::world::client;

/// An authority that nobody knows.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).expect("a certificate");
        Self {
            certificate: certificate.der().clone(),
            issuer: Issuer::new(params, key),
        }
    }

    /// A certificate for a host, and its private key, in PEM.
    fn issue(&self, host: &str) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![host.to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        (certificate.pem(), key.serialize_pem())
    }

    /// The configuration of a client that trusts this authority only.
    fn trusted(&self) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).expect("an authority");
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Arc::new(config)
    }
}

/// Starts the server again, with a certificate for a host.
async fn with_certificate(cluster: &mut Cluster, authority: &Authority, host: &str) {
    let (certificate, key) = authority.issue(host);
    let write = |name: &str, text: &str| cluster.write_private(name, text).expect("a file");
    let certificate = write("server.pem", &certificate);
    let key = write("server.key", &key);
    cluster.stop();
    let certificate = format!("ssl_cert_file={}", certificate.display());
    let key = format!("ssl_key_file={}", key.display());
    let settings = ["ssl=on", &certificate, &key];
    cluster.launch(&settings).await.expect("a server");
}

/// The connection string with another `sslmode`.
fn url(cluster: &Cluster, mode: &str) -> String {
    cluster.url().replace("=disable", &format!("={mode}"))
}

fn store(cluster: &Cluster, mode: &str, authority: &Authority) -> Store {
    let builder = Store::builder(url(cluster, mode)).tls(authority.trusted());
    builder.build().expect("a store")
}

/// Whether the connection of a store, which is the only one of its name, is encrypted.
async fn is_encrypted(cluster: &Cluster, store: &Store) -> bool {
    store.check().await.expect("the schema");
    let sql = cluster.sql().await;
    let encrypted = "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE application_name = 'fal-batch-postgres'
         ORDER BY backend_start DESC LIMIT 1";
    sql.query_one(encrypted, &[]).await.expect("a row").get(0)
}

#[tokio::test]
async fn the_certificate_of_the_database_is_verified() {
    let Some(mut cluster) = Cluster::start().await else {
        return;
    };
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));

    // Without TLS on the server.
    let error = store(&cluster, "require", &ours).check().await;
    let error = error.expect_err("no TLS");
    says(&error, ErrorKind::Tls, &["does not support TLS", "sslmode"]);
    let plain = store(&cluster, "prefer", &ours);
    plain.migrate().await.expect("the schema");
    assert!(!is_encrypted(&cluster, &plain).await);

    with_certificate(&mut cluster, &ours, "127.0.0.1").await;
    for mode in ["require", "prefer"] {
        let store = store(&cluster, mode, &ours);
        assert!(is_encrypted(&cluster, &store).await, "{mode}");
    }
    let plain = store(&cluster, "disable", &theirs);
    assert!(!is_encrypted(&cluster, &plain).await);

    // The authority is another, or not one that the system trusts.
    let of_system = Store::new(url(&cluster, "require")).expect("a store");
    for store in [store(&cluster, "require", &theirs), of_system] {
        // A worker does not wait for what does not pass by itself.
        let worker = Worker::new(client("http://127.0.0.1:9"), store);
        let error = worker.run().await.expect_err("another authority");
        let parts = ["certificate", "UnknownIssuer", "StoreBuilder::tls"];
        says(&error, ErrorKind::Tls, &parts);
    }

    with_certificate(&mut cluster, &ours, "db.example.com").await;
    let error = store(&cluster, "prefer", &ours).check().await;
    let error = error.expect_err("another name");
    says(&error, ErrorKind::Tls, &["certificate", "db.example.com"]);
}

/// What libpq has and this client has not is not taken for something weaker.
#[test]
fn other_modes_are_refused() {
    let error = Store::new("postgres://u:secret@localhost/x?sslmode=verify-full");
    let error = error.expect_err("a mode of libpq");
    says(&error, ErrorKind::Usage, &["sslmode", "`require`"]);
    assert!(!error.to_string().contains("secret"));
}
