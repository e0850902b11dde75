//! The kinds of routes.

/// What a request asks for: the unit by which requests are counted and faults aimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Route {
    /// `POST fal.run/{id}`.
    Run,
    /// `POST queue.fal.run/{id}`.
    Submit,
    /// `GET …/requests/{request_id}/status`.
    Status,
    /// `GET …/requests/{request_id}/status/stream`.
    StatusStream,
    /// `GET …/requests/{request_id}`.
    Result,
    /// `PUT …/requests/{request_id}/cancel`.
    Cancel,
    /// `GET fal.ai/api/openapi/queue/openapi.json?endpoint_id=`.
    Document,
    /// `GET api.fal.ai/v1/models`.
    Models,
    /// `GET` or `HEAD v3.fal.media/files/…`.
    Download,
    /// `POST rest.fal.ai/storage/upload/initiate`.
    StorageInitiate,
    /// `POST rest.fal.ai/storage/upload/initiate-multipart`.
    StorageInitiateMultipart,
    /// `POST rest.fal.ai/storage/auth/token`.
    StorageToken,
    /// `PUT` to a signed URL.
    SignedUpload,
    /// `PUT` of a part to a signed URL, or `POST` for a URL of its own.
    SignedPart,
    /// `POST` of a signed upload's list of parts.
    SignedComplete,
    /// `POST v3.fal.media/files/upload`.
    CdnUpload,
    /// `POST v3.fal.media/files/upload/multipart`.
    CdnMultipart,
    /// `PUT {access_url}/multipart/{upload}/{part}`.
    CdnPart,
    /// `POST {access_url}/multipart/{upload}/complete`.
    CdnComplete,
    /// `POST rest.fal.ai/tokens/`.
    Token,
    /// `POST rest.fal.ai/tokens/realtime`.
    RealtimeToken,
    /// `POST fal.run/{id}/stream`.
    ModelStream,
    /// A websocket on `fal.run`.
    Realtime,
    /// A websocket on `ws.fal.run`.
    HttpOverWebSocket,
    /// `GET rest.fal.ai/.well-known/jwks.json`.
    Jwks,
    /// `GET api.fal.ai/v1/models/pricing`.
    Pricing,
    /// `POST api.fal.ai/v1/models/pricing/estimate`.
    Estimate,
    /// `GET api.fal.ai/v1/models/usage`.
    Usage,
    /// `GET api.fal.ai/v1/models/analytics`.
    Analytics,
    /// `GET api.fal.ai/v1/models/billing-events`.
    BillingEvents,
    /// `GET api.fal.ai/v1/models/requests/by-endpoint`.
    Requests,
    /// `GET api.fal.ai/v1/models/requests/search`.
    RequestSearch,
    /// `DELETE api.fal.ai/v1/models/requests/{id}/payloads`.
    DeletePayloads,
    /// `GET` or `PUT api.fal.ai/v1/storage/files/acl`.
    FileAcl,
    /// `POST api.fal.ai/v1/storage/files/sign`.
    FileSign,
    /// `GET` or `PUT api.fal.ai/v1/storage/settings`.
    StorageSettings,
    /// `api.fal.ai/v1/keys` and below.
    Keys,
    /// `GET api.fal.ai/v1/account/billing`.
    Billing,
    /// `GET` or `DELETE api.fal.ai/v1/serverless/apps/{owner}/{name}/queue`.
    AppQueue,
    /// `GET api.fal.ai/v1/meta`.
    Meta,
    /// The mock's own control API, `/__mock/…`.
    Control,
    /// A connection as it is accepted: nothing is counted here, but a fault can be aimed at it.
    Connection,
}

impl Route {
    /// Every kind of route.
    pub const ALL: &'static [Self] = &[
        Self::Run,
        Self::Submit,
        Self::Status,
        Self::StatusStream,
        Self::Result,
        Self::Cancel,
        Self::Document,
        Self::Models,
        Self::Download,
        Self::StorageInitiate,
        Self::StorageInitiateMultipart,
        Self::StorageToken,
        Self::SignedUpload,
        Self::SignedPart,
        Self::SignedComplete,
        Self::CdnUpload,
        Self::CdnMultipart,
        Self::CdnPart,
        Self::CdnComplete,
        Self::Token,
        Self::RealtimeToken,
        Self::ModelStream,
        Self::Realtime,
        Self::HttpOverWebSocket,
        Self::Jwks,
        Self::Pricing,
        Self::Estimate,
        Self::Usage,
        Self::Analytics,
        Self::BillingEvents,
        Self::Requests,
        Self::RequestSearch,
        Self::DeletePayloads,
        Self::FileAcl,
        Self::FileSign,
        Self::StorageSettings,
        Self::Keys,
        Self::Billing,
        Self::AppQueue,
        Self::Meta,
        Self::Control,
        Self::Connection,
    ];
}

impl Route {
    /// Whether its requests' bodies are files.
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
        // Counters are indexed by the kind itself.
        assert!(
            Route::ALL
                .iter()
                .enumerate()
                .all(|(at, route)| *route as usize == at)
        );
        assert_eq!(Route::ALL.last(), Some(&Route::Connection));
    }
}
