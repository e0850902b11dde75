//! A PostgreSQL of a test's own: made with `initdb` in a temporary folder, on a free port, under
//! a user without rights, because it refuses to run as root.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fal_batch_postgres::Store;
use tokio_postgres::{Client, NoTls};

/// The user that the server runs as if the tests run as root.
const USER: &str = "nobody";

/// A running server. It is stopped and removed when it is dropped.
pub struct Cluster {
    binaries: PathBuf,
    folder: PathBuf,
    port: u16,
    server: Option<Child>,
}

impl Cluster {
    /// Starts a server, or says in one line why there is none.
    pub async fn start() -> Option<Self> {
        let Some(binaries) = binaries() else {
            // Past the capture of the test's output.
            let line = "skipped: PostgreSQL is not installed (apt-get install postgresql)\n";
            let _ = std::io::stderr().write_all(line.as_bytes());
            return None;
        };
        let made = as_user("mktemp")
            .args(["-d", "-t", "fal-batch-XXXXXX"])
            .output()
            .expect("mktemp");
        let folder = PathBuf::from(String::from_utf8(made.stdout).expect("text").trim());
        let data = folder.join("data");
        let made = as_user(binaries.join("initdb"))
            .args([
                "--auth=trust",
                "--username=postgres",
                "--no-sync",
                "--pgdata",
            ])
            .arg(&data)
            .current_dir("/")
            .output()
            .expect("initdb");
        assert!(made.status.success(), "{made:?}");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let mut cluster = Self {
            binaries,
            folder,
            port,
            server: None,
        };
        cluster.launch(&[]).await;
        Some(cluster)
    }

    /// Starts the server with settings, and waits until it answers.
    pub async fn launch(&mut self, settings: &[&str]) {
        let started = Instant::now();
        loop {
            self.spawn(settings);
            while started.elapsed() < Duration::from_secs(60) {
                if self.connect("postgres").await.is_some() {
                    return;
                }
                // Processes of a server that was killed can hold its memory a little longer.
                if self
                    .server
                    .as_mut()
                    .expect("a server")
                    .try_wait()
                    .is_ok_and(|s| s.is_some())
                {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "it does not start"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn spawn(&mut self, settings: &[&str]) {
        let mut server = as_user(self.binaries.join("postgres"));
        server
            .arg("-D")
            .arg(self.folder.join("data"))
            .args(["-p", &self.port.to_string(), "-k"])
            .arg(&self.folder)
            // What the system has in memory survives a killed process.
            .args(["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1"])
            .current_dir("/")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        for setting in settings {
            server.args(["-c", setting]);
        }
        self.server = Some(server.spawn().expect("postgres"));
    }

    /// Kills the server, as the kernel does when memory runs out.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Stops the server without waiting for its clients.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            signal(&server, "INT");
            let _ = server.wait();
        }
    }

    /// Stops all processes of the server where they are, until [`thaw`](Self::thaw).
    pub fn freeze(&self) {
        for pid in self.processes() {
            let _ = Command::new("kill").args(["-STOP", &pid]).output();
        }
    }

    /// Lets them go on.
    pub fn thaw(&self) {
        for pid in self.processes() {
            let _ = Command::new("kill").args(["-CONT", &pid]).output();
        }
    }

    fn processes(&self) -> Vec<String> {
        let server = self.server.as_ref().expect("a server").id().to_string();
        let children = Command::new("pgrep").args(["-P", &server]).output();
        let children = String::from_utf8(children.expect("pgrep").stdout).expect("text");
        let children = children.split_whitespace().map(str::to_owned);
        children.chain([server]).collect()
    }

    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    pub fn url_of(&self, user: &str) -> String {
        let port = self.port;
        format!("postgres://{user}@127.0.0.1:{port}/postgres?sslmode=disable")
    }

    /// A store whose schema is made.
    pub async fn store(&self, schema: &str) -> Store {
        let store = Store::builder(self.url())
            .schema(schema)
            .build()
            .expect("a store");
        store.migrate().await.expect("the schema");
        store
    }

    /// A connection for statements of the test's own.
    pub async fn sql(&self) -> Client {
        self.connect("postgres").await.expect("a connection")
    }

    async fn connect(&self, user: &str) -> Option<Client> {
        let (client, connection) = tokio_postgres::connect(&self.url_of(user), NoTls)
            .await
            .ok()?;
        tokio::spawn(connection);
        Some(client)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.thaw();
        }
        self.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    let _ = Command::new("kill")
        .args([&format!("-{name}"), &pid])
        .output();
}

/// A command under a user without rights, if this is root. The process is the command's own.
fn as_user(program: impl AsRef<Path>) -> Command {
    let output = Command::new("id").arg("-u").output().expect("id");
    if output.stdout.trim_ascii() != b"0" {
        return Command::new(program.as_ref());
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", USER, "--regid", USER_GROUP, "--clear-groups"])
        .arg(program.as_ref());
    command
}

const USER_GROUP: &str = "nogroup";

/// The folder with `initdb` and `postgres`: on the path, or where Debian keeps them.
fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path);
    let of_debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let of_debian = of_debian.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    let mut folders = on_path.chain(of_debian);
    folders.find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}
