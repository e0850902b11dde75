//! A job in the queue.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;

use super::cancel::{self, CancelOutcome};
use super::follow::{Follow, follow_options};
use super::job_handle::JobHandle;
use super::record::Record;
use super::status::Status;
use super::status_reply;
use super::updates::Updates;
use super::watch::Watch;
use crate::calls::call::Payload;
use crate::calls::detailed::{Answer, Detailed, WithDetails};
use crate::contract::wire::Decode;
use crate::transport::box_future::{BoxFuture, into_future};
use crate::transport::endpoint_id::{EndpointId, check_request_id};
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Http;
use crate::transport::http::limits::moment_after;
use crate::transport::opaque::opaque;
use crate::transport::trace;

/// A handle to a job in the queue. Its type parameter is the type of the input, which
/// determines the type of the output: an [`Input`](crate::Input), or [`Value`] for untyped
/// calls.
///
/// The job continues when the handle is dropped. A handle can be serialized, which writes no
/// key, and attached to a client in another process:
///
/// ```no_run
/// # use fal_sdk::{Client, Input, Job};
/// # async fn example<I: Input>(fal: Client, input: I) -> Result<(), Box<dyn std::error::Error>> {
/// let job = fal.submit(input).await?;
/// let stored = serde_json::to_string(&job)?;
/// // Later, in another process:
/// let job: Job<I> = serde_json::from_str(&stored)?;
/// let output = fal.attach(&job).result().await?;
/// # Ok(())
/// # }
/// ```
pub struct Job<P> {
    link: Link,
    payload: PhantomData<fn() -> P>,
}

#[derive(Clone)]
enum Link {
    Attached(JobHandle),
    Detached(Record),
}

impl<P: Payload> Job<P> {
    pub(crate) fn attached(job: JobHandle) -> Self {
        Self {
            link: Link::Attached(job),
            payload: PhantomData,
        }
    }

    /// A job that was submitted earlier, given the ids of its endpoint and its request.
    ///
    /// # Errors
    /// When the text is not a request id.
    pub(crate) fn of_ids(http: Http, endpoint: EndpointId, request_id: &str) -> Result<Self> {
        let record = Record::of_ids(endpoint, check_request_id(request_id)?);
        Ok(Self::attached(JobHandle::new(http, &record)))
    }

    /// Attaches the job to a client; its URLs are checked against that client's.
    pub(crate) fn attach(&self, http: Http) -> Self {
        Self::attached(JobHandle::new(http, &self.record()))
    }

    fn record(&self) -> Record {
        match &self.link {
            Link::Attached(job) => job.record(),
            Link::Detached(record) => record.clone(),
        }
    }

    fn link(&self) -> Result<JobHandle> {
        match &self.link {
            Link::Attached(job) => Ok(job.clone()),
            Link::Detached(record) => Err(Error::new(
                ErrorKind::Usage,
                "the job was deserialized and is not attached to a client",
            )
            .with_hint("attach it with `Client::attach`")
            .with_request_id(Some(Arc::clone(&record.request_id)))),
        }
    }

    /// Returns the id of the request, which identifies the job. With it,
    /// [`Client::job`](crate::Client::job) finds the job again, in any process, for as long as
    /// fal keeps it.
    pub fn request_id(&self) -> &str {
        match &self.link {
            Link::Attached(job) => job.request_id(),
            Link::Detached(record) => &record.request_id,
        }
    }

    /// Returns the id of the endpoint that runs the job.
    pub fn endpoint(&self) -> &str {
        match &self.link {
            Link::Attached(job) => job.endpoint().as_str(),
            Link::Detached(record) => record.endpoint.as_str(),
        }
    }

    /// Requests the status of the job once.
    pub fn status(&self) -> StatusRequest {
        StatusRequest {
            link: self.link(),
            logs: false,
        }
    }

    /// Returns a stream of the job's updates, including its logs, which ends when the job has
    /// finished.
    ///
    /// # Errors
    /// When the job was deserialized and is not attached to a client: see
    /// [`Client::attach`](crate::Client::attach).
    pub fn updates(&self) -> Result<Updates> {
        let job = self.link()?;
        let until = moment_after(job.http.settings().timeouts.wait);
        Ok(Updates::new(Watch::new(job, true, None, until)))
    }

    /// Waits until the job finishes and fetches its output. This can be repeated
    /// for as long as fal keeps the output.
    pub fn result(&self) -> ResultRequest<P> {
        ResultRequest {
            link: self.link(),
            follow: Follow::default(),
            timeout: None,
            payload: PhantomData,
        }
    }

    /// Requests that the job is cancelled. The outcome says whether it was.
    ///
    /// The future fails if the queue cannot be reached or sends an unexpected reply, or if the
    /// job was deserialized and is not attached to a client.
    pub fn cancel(&self) -> BoxFuture<Result<CancelOutcome>> {
        let job = self.link();
        Box::pin(async move { cancel::cancel(&job?, None).await })
    }
}

impl<P> Clone for Job<P> {
    fn clone(&self) -> Self {
        Self {
            link: self.link.clone(),
            payload: PhantomData,
        }
    }
}

impl<P: Payload> fmt::Debug for Job<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("endpoint", &self.endpoint())
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}

/// Writes the ids and URLs of the job, none of which is secret.
impl<P: Payload> Serialize for Job<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.record().serialize(serializer)
    }
}

/// Reads a job that is not attached to a client yet: see
/// [`Client::attach`](crate::Client::attach).
impl<'de, P: Payload> Deserialize<'de> for Job<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let record = Record::decode(&value).map_err(D::Error::custom)?;
        if let Some(expected) = P::ENDPOINT.filter(|id| *id != record.endpoint.as_str()) {
            return Err(D::Error::custom(format_args!(
                "the job belongs to {}, not to {expected}",
                record.endpoint
            )));
        }
        Ok(Self {
            link: Link::Detached(record),
            payload: PhantomData,
        })
    }
}

/// A request for a job's status, sent when it is awaited: see [`Job::status`].
#[must_use = "the status is requested when this is awaited"]
pub struct StatusRequest {
    link: Result<JobHandle>,
    logs: bool,
}

impl StatusRequest {
    /// Sets whether the status includes the model's logs. Default: `false`. If the logs are
    /// larger than [`Limits::reply`](crate::Limits), the last lines are kept.
    pub fn logs(mut self, logs: bool) -> Self {
        self.logs = logs;
        self
    }
}

impl IntoFuture for StatusRequest {
    type Output = Result<Status>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let job = self.link?;
            let status = status_reply::request(&job, self.logs).await;
            status.map_err(|error| job.with_job_context(error))
        })
    }
}

/// A request that waits for a job and fetches its output, started when it is awaited: see
/// [`Job::result`].
#[must_use = "the result is waited for when this is awaited"]
pub struct ResultRequest<P> {
    link: Result<JobHandle>,
    follow: Follow,
    timeout: Option<Duration>,
    payload: PhantomData<fn() -> P>,
}

impl<P: Payload> ResultRequest<P> {
    follow_options!(follow);

    /// Sets how long to wait, in place of the client's [`Timeouts::wait`](crate::Timeouts).
    /// When the time passes, the job is not cancelled.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Returns the output with the request id, metrics, billed units and raw JSON.
    pub fn detailed(self) -> WithDetails<Self> {
        WithDetails(self)
    }

    /// Waits for the job and returns its output as JSON, whatever its shape.
    ///
    /// # Errors
    /// When the job failed, or its output cannot be fetched within the time limit or is not
    /// valid JSON.
    pub async fn raw(self) -> Result<Value> {
        Ok(self.answer().await?.1.value)
    }

    async fn answer(self) -> Result<(JobHandle, Answer)> {
        let job = self.link?;
        let wait = self.timeout.unwrap_or(job.http.settings().timeouts.wait);
        let mut follow = self.follow;
        follow.deadline = Some(moment_after(wait));
        let wait = async {
            trace::request_id(job.request_id());
            follow.until_end(job.clone(), None).await
        };
        let answer = trace::call("result", job.endpoint().as_str(), wait).await?;
        Ok((job, answer))
    }

    async fn detailed_output(self) -> Result<Detailed<P::Output>> {
        let (job, answer) = self.answer().await?;
        job.decode(answer)
    }
}

into_future! {
    <P: Payload> ResultRequest<P> => P::Output,
    |call| async move { Ok(call.detailed_output().await?.output) }
}

into_future! {
    <P: Payload> WithDetails<ResultRequest<P>> => Detailed<P::Output>,
    |call| call.0.detailed_output()
}

opaque! { ResultRequest<P>, StatusRequest }
