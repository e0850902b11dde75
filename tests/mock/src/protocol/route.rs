//! The routes, by which requests are counted and for which faults are injected.

/// Declares the routes, and lists them in [`Route::ALL`].
macro_rules! routes {
    ($($(#[$docs:meta])* $route:ident,)*) => {
        /// A route of the server. Requests are counted by route, and faults can be limited to routes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Route {
            $($(#[$docs])* $route,)*
        }

        impl Route {
            /// All routes.
            pub const ALL: &'static [Self] = &[$(Self::$route),*];
        }
    };
}

routes! {
    /// A direct run: `POST fal.run/{id}`.
    Run,
    /// A submit to the queue: `POST queue.fal.run/{id}`.
    Submit,
    /// The status of a job: `GET …/requests/{request_id}/status`.
    Status,
    /// The stream of a job's statuses: `GET …/requests/{request_id}/status/stream`.
    StatusStream,
    /// The result of a job: `GET …/requests/{request_id}`.
    Result,
    /// The cancellation of a job: `PUT …/requests/{request_id}/cancel`.
    Cancel,
    /// A model's OpenAPI document: `GET fal.ai/api/openapi/queue/openapi.json?endpoint_id=`.
    Document,
    /// The catalog of models: `GET api.fal.ai/v1/models`.
    Models,
    /// A download: `GET` or `HEAD v3.fal.media/files/…`.
    Download,
    /// The start of a signed upload: `POST rest.fal.ai/storage/upload/initiate`.
    StorageInitiate,
    /// The start of a signed upload in parts: `POST rest.fal.ai/storage/upload/initiate-multipart`.
    StorageInitiateMultipart,
    /// A token for the CDN: `POST rest.fal.ai/storage/auth/token`.
    StorageToken,
    /// A signed upload: `PUT` to a signed URL.
    SignedUpload,
    /// A part of a signed upload: `PUT` to a signed URL, or `POST` to get the signed URL of a part.
    SignedPart,
    /// The completion of a signed upload in parts.
    SignedComplete,
    /// An upload to the CDN: `POST v3.fal.media/files/upload`.
    CdnUpload,
    /// The start of an upload to the CDN in parts: `POST v3.fal.media/files/upload/multipart`.
    CdnMultipart,
    /// A part of an upload to the CDN: `PUT {access_url}/multipart/{upload}/{part}`.
    CdnPart,
    /// The completion of an upload to the CDN: `POST {access_url}/multipart/{upload}/complete`.
    CdnComplete,
    /// A token for realtime connections, in the form that released clients use: `POST rest.fal.ai/tokens/`.
    Token,
    /// A token for realtime connections, in the documented form: `POST rest.fal.ai/tokens/realtime`.
    RealtimeToken,
    /// A model stream: `POST fal.run/{id}/stream`.
    ModelStream,
    /// A realtime connection: a websocket on `fal.run`.
    Realtime,
    /// HTTP over a websocket on `ws.fal.run`.
    HttpOverWebSocket,
    /// The public keys of webhooks: `GET rest.fal.ai/.well-known/jwks.json`.
    Jwks,
    /// Prices: `GET api.fal.ai/v1/models/pricing`.
    Pricing,
    /// An estimate of costs: `POST api.fal.ai/v1/models/pricing/estimate`.
    Estimate,
    /// Usage: `GET api.fal.ai/v1/models/usage`.
    Usage,
    /// Analytics: `GET api.fal.ai/v1/models/analytics`.
    Analytics,
    /// Billing events: `GET api.fal.ai/v1/models/billing-events`.
    BillingEvents,
    /// Past requests: `GET api.fal.ai/v1/models/requests/by-endpoint`.
    Requests,
    /// A search of past requests: `GET api.fal.ai/v1/models/requests/search`.
    RequestSearch,
    /// The deletion of a request's payloads: `DELETE api.fal.ai/v1/models/requests/{id}/payloads`.
    DeletePayloads,
    /// Access rules of a file: `GET` or `PUT api.fal.ai/v1/storage/files/acl`.
    FileAcl,
    /// A signed link to a file: `POST api.fal.ai/v1/storage/files/sign`.
    FileSign,
    /// Settings of the storage: `GET` or `PUT api.fal.ai/v1/storage/settings`.
    StorageSettings,
    /// The account's keys: `api.fal.ai/v1/keys`.
    Keys,
    /// The account's balance: `GET api.fal.ai/v1/account/billing`.
    Billing,
    /// The queue of an application: `GET` or `DELETE api.fal.ai/v1/serverless/apps/{owner}/{name}/queue`.
    AppQueue,
    /// Metadata of the platform: `GET api.fal.ai/v1/meta`.
    Meta,
    /// The control API of this server, `/__mock/…`.
    Control,
    /// A new connection, before any request. Connections are not counted, but faults can be injected: `Silence` makes a connection
    /// silent from the start, and every other fault closes it.
    Connection,
}

impl Route {
    /// Whether the bodies of the route's requests are files.
    pub(crate) fn is_upload(self) -> bool {
        matches!(
            self,
            Self::SignedUpload | Self::SignedPart | Self::CdnUpload | Self::CdnPart
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_counted() {
        // Counters are indexed by the route's number.
        assert!(
            Route::ALL
                .iter()
                .enumerate()
                .all(|(at, route)| *route as usize == at)
        );
        assert_eq!(Route::ALL.last(), Some(&Route::Connection));
    }
}
