//! A PostgreSQL of one's own: made with `initdb` in a temporary folder, on a free port, under a
//! user without rights if this is root, because PostgreSQL refuses to run as root.

mod command;

use std::fmt;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use crate::command::{as_user, binaries, cpu_seconds, run};

/// How long a server may take to start.
const START_LIMIT: Duration = Duration::from_secs(120);

/// A running server. It is stopped and removed when it is dropped.
pub struct Cluster {
    binaries: PathBuf,
    folder: PathBuf,
    port: u16,
    server: Option<Child>,
}

impl Cluster {
    /// Starts a server for a test. Where PostgreSQL is not installed, this says so in one line,
    /// and returns `None`.
    ///
    /// # Panics
    /// When the server does not start.
    pub async fn start() -> Option<Self> {
        match Self::try_start().await {
            Ok(cluster) => Some(cluster),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Past the capture of the test's output.
                let line = format!("skipped: {error}\n");
                let _ = io::stderr().write_all(line.as_bytes());
                None
            }
            Err(error) => panic!("PostgreSQL does not start: {error}"),
        }
    }

    /// Starts a server.
    ///
    /// # Errors
    /// With [`io::ErrorKind::NotFound`] when PostgreSQL is not installed, and with another kind
    /// when the server does not start.
    pub async fn try_start() -> io::Result<Self> {
        let binaries = binaries().ok_or_else(|| {
            let message = "PostgreSQL is not installed (apt-get install postgresql): `initdb` is \
                           neither on the PATH nor in /usr/lib/postgresql/*/bin";
            io::Error::new(io::ErrorKind::NotFound, message)
        })?;
        let made = run(as_user("mktemp").args(["-d", "-t", "fal-batch-XXXXXX"]))?;
        let folder = PathBuf::from(String::from_utf8_lossy(&made).trim());
        let mut cluster = Self {
            binaries,
            folder,
            port: 0,
            server: None,
        };
        let mut initdb = as_user(cluster.binaries.join("initdb"));
        initdb
            .args(["--auth=trust", "--username=postgres", "--no-sync"])
            .arg("--pgdata")
            .arg(cluster.folder.join("data"))
            .current_dir("/");
        run(&mut initdb)?;
        let started = Instant::now();
        loop {
            cluster.port = free_address().port();
            cluster.spawn(&[])?;
            if cluster.is_up(started).await {
                return Ok(cluster);
            }
            // Somebody else was faster at the port.
            if started.elapsed() > START_LIMIT {
                return Err(too_slow());
            }
        }
    }

    /// Starts a server that was stopped or killed, with settings such as `max_connections=12`,
    /// and waits until it answers.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn launch(&mut self, settings: &[&str]) -> io::Result<()> {
        let started = Instant::now();
        while started.elapsed() < START_LIMIT {
            self.spawn(settings)?;
            if self.is_up(started).await {
                return Ok(());
            }
            // Processes of a server that was killed can hold its memory a little longer.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(too_slow())
    }

    /// Waits until the server answers, or has ended.
    async fn is_up(&mut self, started: Instant) -> bool {
        while started.elapsed() < START_LIMIT {
            // Another server can have the port, while this one has failed to get it.
            if self.is_ours().await {
                return true;
            }
            let server = self.server.as_mut().map(Child::try_wait);
            if !matches!(server, Some(Ok(None))) {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    }

    async fn is_ours(&self) -> bool {
        let Ok(client) = self.connect("postgres").await else {
            return false;
        };
        let rows = client.simple_query("SHOW data_directory").await;
        let rows = rows.unwrap_or_default();
        let data = self.folder.join("data");
        rows.iter().any(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0) == data.to_str(),
            _ => false,
        })
    }

    fn spawn(&mut self, settings: &[&str]) -> io::Result<()> {
        let mut server = as_user(self.binaries.join("postgres"));
        server
            .arg("-D")
            .arg(self.folder.join("data"))
            .args(["-p", &self.port.to_string(), "-k"])
            .arg(&self.folder)
            // What the system has in memory survives a killed process.
            .args(["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1"])
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        for setting in settings {
            server.args(["-c", setting]);
        }
        self.server = Some(server.spawn()?);
        Ok(())
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
            send_signal(&server, "INT");
            let _ = server.wait();
        }
    }

    /// Stops all processes of the server where they are, until [`thaw`](Self::thaw).
    pub fn freeze(&self) {
        self.send_to_all("STOP");
    }

    /// Lets them go on.
    pub fn thaw(&self) {
        self.send_to_all("CONT");
    }

    fn send_to_all(&self, name: &str) {
        for pid in self.processes() {
            let _ = Command::new("kill")
                .args([&format!("-{name}"), &pid])
                .output();
        }
    }

    /// The server's processes, the first of which started the others.
    fn processes(&self) -> Vec<String> {
        let Some(server) = &self.server else {
            return Vec::new();
        };
        let server = server.id().to_string();
        let children = run(Command::new("pgrep").args(["-P", &server])).unwrap_or_default();
        let children = String::from_utf8_lossy(&children);
        let children = children.split_whitespace().map(str::to_owned);
        std::iter::once(server.clone()).chain(children).collect()
    }

    /// Returns the CPU seconds that the server and its connections have used; zero where the
    /// system has no `/proc`.
    pub fn cpu_seconds(&self) -> f64 {
        let processes = self.processes();
        let seconds = processes.iter().zip(0..);
        seconds.map(|(pid, at)| cpu_seconds(pid, at == 0)).sum()
    }

    /// Writes a file that only the server's user may read, such as a private key.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_private(&self, name: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.folder.join(name);
        let mut shell = as_user("sh");
        let mut child = shell
            .args(["-c", "umask 077; cat > \"$1\"", "sh"])
            .arg(&path)
            .stdin(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(text.as_bytes())?;
        }
        match child.wait()?.success() {
            true => Ok(path),
            false => Err(io::Error::other(format!("{name} cannot be written"))),
        }
    }

    /// Returns the connection string of the role that owns everything.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Returns the connection string of a role.
    pub fn url_of(&self, role: &str) -> String {
        let port = self.port;
        format!("postgres://{role}@127.0.0.1:{port}/postgres?sslmode=disable")
    }

    /// Makes a connection for statements of one's own.
    ///
    /// # Panics
    /// When the server does not accept it.
    pub async fn sql(&self) -> Client {
        match self.connect("postgres").await {
            Ok(client) => client,
            Err(error) => panic!("PostgreSQL accepts no connection: {error}"),
        }
    }

    async fn connect(&self, role: &str) -> Result<Client, tokio_postgres::Error> {
        let (client, connection) = tokio_postgres::connect(&self.url_of(role), NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }
}

fn too_slow() -> io::Error {
    let message = format!("PostgreSQL does not answer after {START_LIMIT:?}");
    io::Error::new(io::ErrorKind::TimedOut, message)
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.thaw();
        self.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster")
            .field("folder", &self.folder)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// Returns an address of this machine that nobody listens on.
///
/// Its port is not one of those that the system gives to connections and to servers that do not
/// care, so that nobody gets it while the server that it is for is being started again.
pub fn free_address() -> SocketAddr {
    loop {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, fastrand::u16(20_000..32_000)));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

/// Sends a signal, such as `STOP`, to a process.
pub fn send_signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    let _ = Command::new("kill")
        .args([&format!("-{name}"), &pid])
        .output();
}

/// Returns the CPU seconds that this process has used; zero where the system has no `/proc`.
pub fn own_cpu_seconds() -> f64 {
    cpu_seconds("self", false)
}
