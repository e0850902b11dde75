//! The handle of a running server.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::task::JoinHandle;

use crate::{
    fault::Injection,
    protocol::{host::Urls, route::Route},
    script::Script,
    serve::{context::Context, restart::Restarts},
    store::{
        deliveries::WebhookDelivery,
        faults::FaultHandle,
        info::{FileInfo, JobInfo},
        records::{MessageRecord, RequestRecord},
    },
};

/// A running mock server. It stops when it is dropped.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use fal_mock::{MockServer, Route};
///
/// let server = MockServer::builder().app("me/my-model").start().await?;
/// // … point a client at `server.urls()` …
/// assert_eq!(server.count(Route::Submit), 0);
/// server.shutdown().await;
/// # Ok::<(), fal_mock::Error>(()) }).unwrap();
/// ```
pub struct MockServer {
    pub(crate) context: Arc<Context>,
    pub(crate) restarts: Restarts,
    pub(crate) ca_pem: Option<String>,
    pub(crate) address: SocketAddr,
    pub(crate) urls: Urls,
    pub(crate) secure_urls: Urls,
    pub(crate) warnings: Vec<String>,
    pub(crate) listener: Option<JoinHandle<()>>,
}

impl MockServer {
    /// The address that the server listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The root URL, such as `http://127.0.0.1:4000`, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The base URL of each of fal's hosts.
    #[must_use]
    pub fn urls(&self) -> &Urls {
        &self.urls
    }

    /// The base URLs over TLS; `None` unless the server was built with [`tls`](crate::MockServerBuilder::tls).
    #[must_use]
    pub fn secure_urls(&self) -> Option<&Urls> {
        self.ca_pem.as_ref().map(|_| &self.secure_urls)
    }

    /// The certificate of the server's own CA, in PEM; `None` without TLS. Clients have to trust it.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Warnings about documents that could not be served, a line for each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The recorded requests, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Arc<RequestRecord>> {
        self.context.stores.records.all()
    }

    /// The recorded requests to one route.
    #[must_use]
    pub fn requests_to(&self, route: Route) -> Vec<Arc<RequestRecord>> {
        let all = self.context.stores.records.all().into_iter();
        all.filter(|request| request.route == Some(route)).collect()
    }

    /// The number of requests to a route, including those that got a fault.
    #[must_use]
    pub fn count(&self, route: Route) -> u64 {
        self.context.stores.records.count(route)
    }

    /// The number of all requests, including those that matched no route.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.context.stores.records.total()
    }

    /// The jobs that the queue has accepted, in order of submission. If there are more jobs than calls, some were submitted twice.
    #[must_use]
    pub fn jobs(&self) -> Vec<JobInfo> {
        self.context.stores.jobs.infos()
    }

    /// The number of jobs that the queue has accepted, including removed ones.
    #[must_use]
    pub fn jobs_created(&self) -> u64 {
        self.context.stores.jobs.created()
    }

    /// The direct runs and model streams that were carried out, in order, as far as they are
    /// [recorded](crate::MockServerBuilder::record_limit). Requests that were not handled because of a fault are not included.
    #[must_use]
    pub fn direct_calls(&self) -> Vec<Arc<RequestRecord>> {
        self.context.stores.records.direct_calls()
    }

    /// The files that clients uploaded, in the order in which the uploads completed.
    #[must_use]
    pub fn files(&self) -> Vec<FileInfo> {
        self.context.stores.files.infos()
    }

    /// The attempts to deliver webhooks, in order.
    #[must_use]
    pub fn deliveries(&self) -> Vec<WebhookDelivery> {
        self.context.stores.deliveries.all()
    }

    /// The messages that clients sent over websockets.
    #[must_use]
    pub fn messages(&self) -> Vec<MessageRecord> {
        self.context.stores.records.messages()
    }

    /// Releases a job that its script holds. Returns `false` if there is no such job.
    pub fn release(&self, request_id: &str) -> bool {
        self.context.stores.jobs.release(request_id)
    }

    /// Releases every job that its script holds.
    pub fn release_all(&self) {
        self.context.stores.jobs.release_all();
    }

    /// Removes a job, so that its routes answer 404, as fal removes results after an hour or less.
    pub fn expire(&self, request_id: &str) {
        self.context.stores.jobs.remove(request_id);
    }

    /// Sets the script of an endpoint for future jobs. An endpoint that was not served is served from now on.
    pub fn script(&self, endpoint: &str, script: Script) {
        self.context.models.set_script(endpoint, script);
    }

    /// Injects a fault. The handle tells how often it has happened.
    pub fn inject(&self, fault: impl Into<Injection>) -> FaultHandle {
        self.context.stores.faults.add(fault.into())
    }

    /// Removes a fault that was injected. Returns `false` if it has already happened as often as it should.
    pub fn remove_fault(&self, fault: &FaultHandle) -> bool {
        self.context.stores.faults.remove(fault.id())
    }

    /// Removes all faults that were injected.
    pub fn clear_faults(&self) {
        self.context.stores.faults.clear();
    }

    /// Revokes all tokens that were issued, as if their key had been revoked.
    pub fn revoke_tokens(&self) {
        self.context.stores.tokens.revoke();
    }

    /// Removes requests, jobs, files, faults, tokens and deliveries. Documents, keys and scripts are kept.
    pub fn reset(&self) {
        self.context.stores.reset();
    }

    /// Restarts the server: closes every connection, refuses new ones for the time `down`, and then serves the same address again.
    /// Jobs, files and all other data are kept, and jobs continue to run meanwhile.
    pub async fn restart(&self, down: Duration) {
        self.restarts.restart(down).await;
    }

    /// Shuts the server down: it accepts no more connections, and open requests have half a second to complete.
    pub async fn shutdown(mut self) {
        self.context.tasks.stop();
        if let Some(listener) = self.listener.take() {
            // It fails only if its runtime is shut down, which closes all connections, too.
            let _ = listener.await;
        }
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        self.context.tasks.stop();
        if let Some(listener) = self.listener.take() {
            listener.abort();
        }
    }
}

impl std::fmt::Debug for MockServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MockServer")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}
