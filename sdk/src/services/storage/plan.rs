//! Carrying an upload out: which repository, whole or in parts.

use super::content::{Content, Flow, Parts};
use super::facts::Facts;
use super::parts::{self, FlowRest, Session};
use crate::contract::file::File;
use crate::services::progress::{Meter, OnProgress};
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Http;
use crate::transport::upload_settings::Uploads;
use crate::transport::upload_settings::{Repository, order};

/// Everything about an upload but its content.
pub(super) struct Plan {
    pub(super) http: Http,
    pub(super) settings: Uploads,
    pub(super) content_type: Option<String>,
    pub(super) file_name: Option<String>,
    pub(super) on_progress: Option<OnProgress>,
}

/// An upload in parts that was begun, and where.
pub(super) type Begun = (Repository, Session);

impl Plan {
    fn facts(&self, known_type: &str, known_name: Option<&str>) -> Result<Facts> {
        Facts::new(
            self.content_type.as_deref().unwrap_or(known_type),
            self.file_name.as_deref().or(known_name),
            self.settings.lifecycle.as_ref(),
        )
    }

    fn order(&self) -> Vec<Repository> {
        let through_proxy = self.http.settings().proxy.is_some();
        let (first, others) = match through_proxy {
            true => (Repository::Signed, vec![]),
            false => (Repository::Cdn, vec![Repository::Bucket]),
        };
        let others = self.settings.fallback.clone().unwrap_or(others);
        order(self.settings.repository.unwrap_or(first), &others)
    }

    fn multipart_above(&self, repository: Repository) -> u64 {
        let own = self.settings.multipart_above;
        own.unwrap_or_else(|| repository.multipart_above())
    }

    fn meter(&self, total: Option<u64>) -> Meter {
        Meter::new(self.on_progress.clone(), total)
    }

    /// Uploads a flow: whole if it is no longer than a part.
    pub(super) async fn send_flow(&self, flow: Flow) -> Result<File> {
        let mut parts = Parts::new(flow, self.settings.part_size_for(0));
        let first = parts.next().await?.unwrap_or_default();
        if parts.is_over().await? {
            return self.send(Content::Bytes(first), &mut None).await;
        }
        let facts = self.facts(Content::Bytes(first.clone()).content_type(), None)?;
        let (repository, session) = self.begin(&facts).await?;
        let rest = FlowRest {
            first,
            parts: &mut parts,
        };
        let meter = self.meter(None);
        let sent = session
            .send_flow(&self.http, &facts, rest, &self.settings, &meter)
            .await;
        let url = sent.map_err(|error| at(repository, error))?;
        Ok(stored(url, &facts, None))
    }

    /// Begins an upload in parts at the first repository that takes it.
    async fn begin(&self, facts: &Facts) -> Result<Begun> {
        let mut failed = None;
        for repository in self.order() {
            match Session::begin(&self.http, repository, facts).await {
                Ok(session) => return Ok((repository, session)),
                Err(error) if may_fall_back(&error) => failed = Some(at(repository, error)),
                Err(error) => return Err(at(repository, error)),
            }
        }
        Err(failed.unwrap_or_else(nowhere))
    }

    /// Uploads content; what was begun goes on, else the repositories are tried in
    /// their order.
    pub(super) async fn send(&self, content: Content, begun: &mut Option<Begun>) -> Result<File> {
        super::check_size(content.len(), self.settings.max_size, "the file")?;
        let name = content.name();
        let facts = self.facts(content.content_type(), name.as_deref())?;
        let url = match begun {
            Some((repository, session)) => {
                let meter = self.meter(Some(content.len()));
                let sent = session.send(&self.http, &facts, &content, &self.settings, &meter);
                sent.await.map_err(|error| at(*repository, error))?
            }
            None => self.send_anywhere(&facts, &content, begun).await?,
        };
        Ok(stored(url, &facts, Some(content.len())))
    }

    async fn send_anywhere(
        &self,
        facts: &Facts,
        content: &Content,
        begun: &mut Option<Begun>,
    ) -> Result<String> {
        let mut failed = None;
        for repository in self.order() {
            match self.send_to(repository, facts, content, begun).await {
                Ok(url) => return Ok(url),
                Err(error) if may_fall_back(&error) => failed = Some(at(repository, error)),
                Err(error) => return Err(at(repository, error)),
            }
        }
        Err(failed.unwrap_or_else(nowhere))
    }

    async fn send_to(
        &self,
        repository: Repository,
        facts: &Facts,
        content: &Content,
        begun: &mut Option<Begun>,
    ) -> Result<String> {
        let meter = self.meter(Some(content.len()));
        if content.len() <= self.multipart_above(repository) {
            return parts::whole(&self.http, repository, facts, content, &meter).await;
        }
        let session = match Session::begin(&self.http, repository, facts).await {
            Ok(session) => session,
            // A proxy with the usual rules lets no uploads in parts through.
            Err(error) if self.http.settings().proxy.is_some() && error.status() == Some(400) => {
                return parts::whole(&self.http, repository, facts, content, &meter).await;
            }
            Err(error) => return Err(error),
        };
        let (_, session) = begun.insert((repository, session));
        session
            .send(&self.http, facts, content, &self.settings, &meter)
            .await
    }
}

/// Whether another repository may do better. Not when the key is refused or the
/// file cannot be read: then none will.
fn may_fall_back(error: &Error) -> bool {
    let local = matches!(
        error.kind(),
        ErrorKind::Io | ErrorKind::Usage | ErrorKind::TooLarge | ErrorKind::Encode
    );
    !local && !error.is_auth() && !error.is_balance()
}

fn at(repository: Repository, error: Error) -> Error {
    let message = format!("{} ({})", error.message(), repository.name());
    error.with_message(message)
}

fn nowhere() -> Error {
    Error::configuration("the upload has no repository to go to")
}

fn stored(url: String, facts: &Facts, length: Option<u64>) -> File {
    let mut file = File::new(url);
    file.content_type = Some(facts.content_type.clone());
    file.file_name = Some(facts.name.clone());
    file.file_size = length.and_then(|length| i64::try_from(length).ok());
    file
}
