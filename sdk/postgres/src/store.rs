//! The store: the connection to the database, and its settings.

mod migrate;
mod tls;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Row};

use self::tls::Tls;
use crate::error::{Error, ErrorKind, Result, with_causes};

/// A parameter of a statement, with its type.
pub(crate) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);
/// A statement's parameters.
pub(crate) type Parameters<'a> = [Parameter<'a>];

type OnUnavailable = Box<dyn Fn(&Error) + Send + Sync>;

/// A database with batches. A store has one connection, which is made when it is first needed,
/// and made again after it broke. Clones share the connection.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    config: Config,
    tls: Tls,
    schema: String,
    time_limit: Duration,
    on_unavailable: Option<OnUnavailable>,
    client: Mutex<Option<Arc<Client>>>,
    statements: AtomicU64,
}

/// A builder that configures a [`Store`]: returned by [`Store::builder`].
#[must_use = "a builder does nothing by itself"]
pub struct StoreBuilder {
    url: String,
    schema: String,
    time_limit: Duration,
    tls: Option<Arc<rustls::ClientConfig>>,
    on_unavailable: Option<OnUnavailable>,
}

impl StoreBuilder {
    /// Sets the PostgreSQL schema that has the tables. Default: `fal_batch`.
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.schema = name.into();
        self
    }

    /// Sets how long a statement may take. After that the connection is given up, and the next
    /// statement opens a new one. Default: 30 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Sets how TLS connections are made, for example to a database whose certificate comes from
    /// a private authority. By default, the certificates are trusted that the operating system
    /// trusts.
    ///
    /// ```no_run
    /// use std::sync::Arc;
    /// use fal_batch_postgres::Store;
    /// use rustls::pki_types::{CertificateDer, pem::PemObject};
    ///
    /// # fn connect() -> Result<Store, Box<dyn std::error::Error>> {
    /// let mut authorities = rustls::RootCertStore::empty();
    /// authorities.add(CertificateDer::from_pem_file("authority.pem")?)?;
    /// let config = rustls::ClientConfig::builder()
    ///     .with_root_certificates(authorities)
    ///     .with_no_client_auth();
    /// let url = "postgres://user:password@host/database?sslmode=require";
    /// let store = Store::builder(url).tls(Arc::new(config)).build()?;
    /// # Ok(store)
    /// # }
    /// ```
    pub fn tls(mut self, config: Arc<rustls::ClientConfig>) -> Self {
        self.tls = Some(config);
        self
    }

    /// Sets a function that is called, for example to log the error, whenever the database is
    /// not available and work waits for it.
    pub fn on_unavailable(
        mut self,
        on_unavailable: impl Fn(&Error) + Send + Sync + 'static,
    ) -> Self {
        self.on_unavailable = Some(Box::new(on_unavailable));
        self
    }

    /// Builds the store. It connects when it is first used.
    ///
    /// # Errors
    /// When the connection string or the name of the schema is malformed, and when TLS cannot be
    /// set up.
    pub fn build(self) -> Result<Store> {
        let mut config: Config = self.url.parse().map_err(|error: tokio_postgres::Error| {
            // The string itself is not shown, since it can contain a password.
            let words = with_causes(&error);
            let hint = match words.contains("sslmode") {
                true => "; it can be `disable`, `prefer` or `require`, and certificates are always verified",
                false => "",
            };
            let message = format!("the connection string is malformed: {words}{hint}");
            Error::new(ErrorKind::Usage, message)
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        if config.get_application_name().is_none() {
            config.application_name("fal-batch-postgres");
        }
        config.keepalives_idle(Duration::from_secs(30));
        check_schema_name(&self.schema)?;
        let tls = match self.tls {
            Some(config) => Tls::new(config),
            None => Tls::of_platform().map_err(|error| {
                let message = format!("TLS cannot be set up: {error}");
                Error::new(ErrorKind::Usage, message)
            })?,
        };
        Ok(Store(Arc::new(Inner {
            config,
            tls,
            schema: self.schema,
            time_limit: self.time_limit,
            on_unavailable: self.on_unavailable,
            client: Mutex::default(),
            statements: AtomicU64::new(0),
        })))
    }
}

impl Store {
    /// Creates a store with default settings from a connection string, such as
    /// `postgres://user:password@host/database?sslmode=require`. It connects when it is first
    /// used.
    ///
    /// # Errors
    /// When the connection string is malformed, and when TLS cannot be set up.
    pub fn new(url: impl Into<String>) -> Result<Self> {
        Self::builder(url).build()
    }

    /// Returns a builder, with which a store can be configured.
    pub fn builder(url: impl Into<String>) -> StoreBuilder {
        StoreBuilder {
            url: url.into(),
            schema: "fal_batch".to_owned(),
            time_limit: Duration::from_secs(30),
            tls: None,
            on_unavailable: None,
        }
    }

    /// Returns how many statements were sent so far. Each takes one round trip.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Runs a statement once.
    ///
    /// # Errors
    /// When the database is not available or refuses the statement.
    pub(crate) async fn query(
        &self,
        statement: &str,
        parameters: &Parameters<'_>,
    ) -> Result<Vec<Row>> {
        let statement = self.in_schema(statement);
        let client = self.client().await?;
        self.0.statements.fetch_add(1, Ordering::Relaxed);
        let query = client.query_typed(&statement, parameters);
        let error = match tokio::time::timeout(self.0.time_limit, query).await {
            Ok(Ok(rows)) => return Ok(rows),
            Ok(Err(error)) => Error::from(error),
            Err(_) => Error::slow(),
        };
        if error.is_transient() {
            self.give_up(&client).await;
        }
        Err(error)
    }

    /// Runs a statement until the database answers it. It may therefore run twice.
    ///
    /// # Errors
    /// When the database refuses the statement.
    pub(crate) async fn query_until_answered(
        &self,
        statement: &str,
        parameters: &Parameters<'_>,
    ) -> Result<Vec<Row>> {
        let mut pause = Pause::default();
        loop {
            match self.query(statement, parameters).await {
                Err(error) if error.is_transient() => self.wait(&error, &mut pause).await,
                answered => return answered,
            }
        }
    }

    /// Reports that the database is not available, and waits.
    pub(crate) async fn wait(&self, error: &Error, pause: &mut Pause) {
        if let Some(on_unavailable) = &self.0.on_unavailable {
            on_unavailable(error);
        }
        tokio::time::sleep(pause.next()).await;
    }

    async fn client(&self) -> Result<Arc<Client>> {
        let mut kept = self.0.client.lock().await;
        if let Some(client) = kept.as_ref().filter(|client| !client.is_closed()) {
            return Ok(Arc::clone(client));
        }
        let client = Arc::new(self.connect().await?);
        *kept = Some(Arc::clone(&client));
        Ok(client)
    }

    /// Opens a new connection.
    async fn connect(&self) -> Result<Client> {
        let connect = self.0.config.connect(self.0.tls.clone());
        let connected = tokio::time::timeout(self.0.time_limit, connect).await;
        let (client, connection) = connected.map_err(|_| Error::slow())??;
        tokio::spawn(async move {
            // The statements that wait for the connection get its error.
            let _ = connection.await;
        });
        Ok(client)
    }

    /// Gives up a connection on which a statement failed, since its state is unknown.
    async fn give_up(&self, client: &Arc<Client>) {
        let mut kept = self.0.client.lock().await;
        if kept.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, client)) {
            *kept = None;
        }
    }

    /// The statement with the schema of this store in place of `fal_batch`.
    fn in_schema(&self, statement: &str) -> String {
        statement.replace("fal_batch.", &format!("\"{}\".", self.0.schema))
    }
}

/// Growing pauses between attempts.
#[derive(Default)]
pub(crate) struct Pause(u32);

impl Pause {
    /// The next pause: 50 ms at first, doubled up to 5 s, of which half is random.
    pub(crate) fn next(&mut self) -> Duration {
        let longest = Duration::from_millis(50 << self.0.min(7)).min(Duration::from_secs(5));
        self.0 += 1;
        longest.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

/// # Errors
/// When the name would need quoting, since it is part of every statement.
fn check_schema_name(name: &str) -> Result<()> {
    let is_plain = name.len() <= 63
        && name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && name
            .chars()
            .all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_');
    match is_plain {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::Usage,
            "the name of the schema may have only lower-case letters, digits and `_`, at most 63 \
             of them, and must not begin with a digit",
        )),
    }
}

/// Shows the name of the schema, but neither the password nor the host.
impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("schema", &self.0.schema)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for StoreBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreBuilder")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}
