//! Runs the local server that stands in for fal, with the documents on disk.

use crate::{Error, Outcome, output::print, runtime};
use fal_mock::{MockServer, MockServerBuilder, Script, Urls};
use std::{fmt::Write as _, fs, path::PathBuf, time::Duration};

/// The options of the server: its port, TLS, and whether it serves endpoints without documents.
#[derive(Debug, clap::Args)]
pub struct ServerArgs {
    /// The port on the loopback interface; 0 means any free port
    #[arg(long, value_name = "P", default_value = "4010")]
    pub(crate) port: u16,
    /// Also serve TLS on the same port, and write the certificate of the server's CA to FILE
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Serve every endpoint id; one without a document accepts any input
    #[arg(long)]
    pub(crate) any_app: bool,
}

impl ServerArgs {
    /// Whether the server serves TLS, for which the feature `tls` is needed.
    #[must_use]
    pub fn needs_tls(&self) -> bool {
        self.ca.is_some()
    }
}

/// The commands that are named in errors and in the text that is printed when the server has started.
#[derive(Debug, Clone, Copy)]
pub struct Commands<'a> {
    /// The command that starts the server.
    pub mock: &'a str,
    /// The command that fetches documents. The text appends the options with the server's addresses to it.
    pub fetch: &'a str,
}

/// Serves the documents below a folder, if there is one, until Ctrl-C.
///
/// # Errors
///
/// If the port is taken, the documents cannot be read or the certificate cannot be written.
pub fn serve(
    args: &ServerArgs,
    documents: Option<PathBuf>,
    commands: Commands<'_>,
) -> Result<Outcome, Error> {
    if args.needs_tls() && !crate::HAS_TLS {
        return Err(Error::new("this program was built without TLS")
            .help("build it with its feature `tls`"));
    }
    runtime()?.block_on(async {
        let server = builder(args, documents).start().await.map_err(|error| {
            Error::new(error.to_string()).help(format!(
                "see --port and --schemas in `{} --help`",
                commands.mock
            ))
        })?;
        for warning in server.warnings() {
            eprintln!("warning: {warning}");
        }
        if let (Some(path), Some(pem)) = (&args.ca, server.ca_pem()) {
            fs::write(path, pem).map_err(|error| Error::file("write", path, &error))?;
        }
        print(&greeting(&server, commands.fetch))?;
        interrupted().await?;
        server.shutdown().await;
        Ok(Outcome::Good)
    })
}

/// Waits for Ctrl-C.
pub(crate) async fn interrupted() -> Result<(), Error> {
    let interrupted = tokio::signal::ctrl_c().await;
    interrupted.map_err(|error| Error::new(format!("cannot wait for Ctrl-C: {error}")))
}

/// The default script: jobs wait and run for about a second, so that their progress can be seen.
pub fn script() -> Script {
    let step = Duration::from_millis(300);
    Script::new()
        .queue([0], step)
        .run(2 * step)
        .log_at(step, "INFO", "halfway")
}

fn builder(args: &ServerArgs, documents: Option<PathBuf>) -> MockServerBuilder {
    let builder = MockServer::builder()
        .default_script(script())
        .port(args.port);
    let builder = match documents {
        Some(folder) => builder.documents(folder),
        None => builder,
    };
    #[cfg(feature = "tls")]
    let builder = match args.needs_tls() {
        true => builder.tls(),
        false => builder,
    };
    match args.any_app {
        true => builder.any_app(),
        false => builder,
    }
}

/// The text that is printed when the server has started: its addresses, and the command that fetches from it.
fn greeting(server: &MockServer, fetch: &str) -> String {
    let urls = server.urls();
    format!(
        "fal-mock is listening on {0}\n\nAny well-formed key works. To point a program at it:\n\n  FAL_BASE_URL={0} FAL_KEY=id:secret\n\n{1}\n\
         To fetch documents from it:\n\n  {fetch} --api-url {2} --openapi-url {3}/api/openapi/queue/openapi.json\n",
        server.url(),
        addresses(urls),
        urls.platform,
        urls.fal
    )
}

/// fal's hosts with the addresses that replace them, one per line.
pub(crate) fn addresses(urls: &Urls) -> String {
    let mut text = String::new();
    let hosts = [
        ("https://fal.run", &urls.run),
        ("https://queue.fal.run", &urls.queue),
        ("https://rest.fal.ai", &urls.rest),
        ("https://v3.fal.media", &urls.cdn),
        ("https://api.fal.ai/v1", &urls.platform),
        ("https://fal.ai", &urls.fal),
    ];
    for (host, url) in hosts {
        let _ = writeln!(text, "  {host:<22} → {url}");
    }
    text
}
