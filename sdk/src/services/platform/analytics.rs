//! Performance figures of endpoints: how fast and how reliable they were.

use super::Platform;
use super::list::ListRequest;
use super::listing::time_series;
use crate::{object, open_enum};

time_series! {
    /// The list of performance figures over time: see [`Platform::analytics`].
    AnalyticsListing: "models/analytics",
    /// A page of the performance figures of endpoints.
    AnalyticsPage,
    /// The performance figures of endpoints in one time bucket, such as an hour.
    AnalyticsBucket of Analytics
}

open_enum! {
    /// A performance figure that can be requested: each is a field of [`Analytics`].
    pub enum Metric: String {
        RequestCount = "request_count",
        SuccessCount = "success_count",
        UserErrorCount = "user_error_count",
        ErrorCount = "error_count",
        StartupErrorCount = "startup_error_count",
        ConnectionErrorCount = "connection_error_count",
        TimeoutErrorCount = "timeout_error_count",
        RuntimeErrorCount = "runtime_error_count",
        P50PrepareDuration = "p50_prepare_duration",
        P75PrepareDuration = "p75_prepare_duration",
        P90PrepareDuration = "p90_prepare_duration",
        P95PrepareDuration = "p95_prepare_duration",
        P99PrepareDuration = "p99_prepare_duration",
        P25Duration = "p25_duration",
        P50Duration = "p50_duration",
        P75Duration = "p75_duration",
        P90Duration = "p90_duration",
        P95Duration = "p95_duration",
        P99Duration = "p99_duration",
        ColdBootCount = "cold_boot_count",
        P50ColdBootDuration = "p50_cold_boot_duration",
        P75ColdBootDuration = "p75_cold_boot_duration",
        P90ColdBootDuration = "p90_cold_boot_duration",
        TotalBillableDuration = "total_billable_duration",
    }
}

object! {
    /// The performance figures of an endpoint: see [`Platform::analytics`]. Only the requested
    /// ones are present. Durations are in seconds. The preparation of a request is the time
    /// from its arrival until a runner begins to work on it.
    pub struct Analytics {
        /// The id of the endpoint.
        pub endpoint_id: required String;
        /// The number of requests.
        pub request_count: optional i64;
        /// The number of requests that succeeded (2xx).
        pub success_count: optional i64;
        /// The number of requests that were refused (4xx).
        pub user_error_count: optional i64;
        /// The number of requests that failed (5xx).
        pub error_count: optional i64;
        /// The number of requests for which no runner could be started.
        pub startup_error_count: optional i64;
        /// The number of requests whose runner could not be reached, or was lost.
        pub connection_error_count: optional i64;
        /// The number of requests that took too long.
        pub timeout_error_count: optional i64;
        /// The number of requests whose model failed.
        pub runtime_error_count: optional i64;
        /// The median time from the arrival of a request until a runner begins to work on it.
        pub p50_prepare_duration: optional f64;
        /// The 75th percentile of the time until a runner begins to work on a request.
        pub p75_prepare_duration: optional f64;
        /// The 90th percentile of the time until a runner begins to work on a request.
        pub p90_prepare_duration: optional f64;
        /// The 95th percentile of the time until a runner begins to work on a request.
        pub p95_prepare_duration: optional f64;
        /// The 99th percentile of the time until a runner begins to work on a request.
        pub p99_prepare_duration: optional f64;
        /// The 25th percentile of the time that a runner works on a request.
        pub p25_duration: optional f64;
        /// The median time that a runner works on a request.
        pub p50_duration: optional f64;
        /// The 75th percentile of the time that a runner works on a request.
        pub p75_duration: optional f64;
        /// The 90th percentile of the time that a runner works on a request.
        pub p90_duration: optional f64;
        /// The 95th percentile of the time that a runner works on a request.
        pub p95_duration: optional f64;
        /// The 99th percentile of the time that a runner works on a request.
        pub p99_duration: optional f64;
        /// The number of requests that waited more than 1 s for a runner to start.
        pub cold_boot_count: optional i64;
        /// The median time that starting a runner takes.
        pub p50_cold_boot_duration: optional f64;
        /// The 75th percentile of the time that starting a runner takes.
        pub p75_cold_boot_duration: optional f64;
        /// The 90th percentile of the time that starting a runner takes.
        pub p90_cold_boot_duration: optional f64;
        /// The total time that was billed.
        pub total_billable_duration: optional f64;
    }
}

impl Platform {
    /// Lists how fast and how reliable endpoints were, as the given metrics. At least one
    /// endpoint and one metric have to be given.
    pub fn analytics(
        &self,
        endpoint_ids: impl IntoIterator<Item = impl Into<String>>,
        metrics: impl IntoIterator<Item = Metric>,
    ) -> ListRequest<AnalyticsListing> {
        ListRequest::new(&self.http).of(endpoint_ids, metrics)
    }

    /// Lists how fast and how reliable the account's own endpoints were, as
    /// [`analytics`](Self::analytics) does for models.
    pub fn app_analytics(
        &self,
        endpoint_ids: impl IntoIterator<Item = impl Into<String>>,
        metrics: impl IntoIterator<Item = Metric>,
    ) -> ListRequest<AnalyticsListing> {
        ListRequest::at(&self.http, "serverless/analytics", &[]).of(endpoint_ids, metrics)
    }
}

impl ListRequest<AnalyticsListing> {
    fn of(
        self,
        endpoint_ids: impl IntoIterator<Item = impl Into<String>>,
        metrics: impl IntoIterator<Item = Metric>,
    ) -> Self {
        let metrics = metrics.into_iter().map(|metric| metric.as_str().to_owned());
        self.add_all("endpoint_id", endpoint_ids)
            .add("expand", "time_series")
            .add_all("expand", metrics)
    }
}
