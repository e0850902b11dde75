//! How fast and how reliable endpoints were.

use super::list::{List, listing};
use super::usage::over_time;
use super::{Moment, Platform};
use crate::{open_enum, wire};

listing! {
    /// Performance in the course of time: [`Platform::analytics`].
    AnalyticsListing: "models/analytics" => AnalyticsPage
}

over_time!(AnalyticsListing);

open_enum! {
    /// What can be asked for of each endpoint. Durations are in seconds.
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

/// A page of analytics.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AnalyticsPage {
    /// Performance in the course of time.
    pub time_series: Option<Vec<AnalyticsBucket>>,
    /// Performance over the whole range, if asked for.
    pub summary: Option<Vec<Analytics>>,
    /// The cursor of the next page, if there is one.
    pub next_cursor: Option<String>,
}

wire! {
    AnalyticsPage {
        time_series: optional,
        summary: optional,
        next_cursor: optional,
    }
}

/// The performance of a stretch of time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AnalyticsBucket {
    /// When it began (RFC 3339).
    pub bucket: String,
    /// What was measured, by endpoint.
    pub results: Vec<Analytics>,
}

wire! {
    AnalyticsBucket {
        bucket: required,
        results: required,
    }
}

/// What was measured of an endpoint: the metrics that were asked for. Durations
/// are in seconds; of preparing, the time in the queue and until a runner begins.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Analytics {
    /// The endpoint.
    pub endpoint_id: String,
    /// Requests in all.
    pub request_count: Option<i64>,
    /// Requests that succeeded (2xx).
    pub success_count: Option<i64>,
    /// Requests that were refused (4xx).
    pub user_error_count: Option<i64>,
    /// Requests that failed (5xx).
    pub error_count: Option<i64>,
    /// Requests for which no runner could be started.
    pub startup_error_count: Option<i64>,
    /// Requests whose runner could not be reached, or was lost.
    pub connection_error_count: Option<i64>,
    /// Requests that took too long.
    pub timeout_error_count: Option<i64>,
    /// Requests whose model failed.
    pub runtime_error_count: Option<i64>,
    /// Preparing, the middle one.
    pub p50_prepare_duration: Option<f64>,
    /// Preparing: three quarters were as fast.
    pub p75_prepare_duration: Option<f64>,
    /// Preparing: 90 of 100 were as fast.
    pub p90_prepare_duration: Option<f64>,
    /// Preparing: 95 of 100 were as fast.
    pub p95_prepare_duration: Option<f64>,
    /// Preparing: 99 of 100 were as fast.
    pub p99_prepare_duration: Option<f64>,
    /// Running: a quarter was as fast.
    pub p25_duration: Option<f64>,
    /// Running, the middle one.
    pub p50_duration: Option<f64>,
    /// Running: three quarters were as fast.
    pub p75_duration: Option<f64>,
    /// Running: 90 of 100 were as fast.
    pub p90_duration: Option<f64>,
    /// Running: 95 of 100 were as fast.
    pub p95_duration: Option<f64>,
    /// Running: 99 of 100 were as fast.
    pub p99_duration: Option<f64>,
    /// Requests that waited over 1 s for a runner to start.
    pub cold_boot_count: Option<i64>,
    /// Starting a runner, the middle one.
    pub p50_cold_boot_duration: Option<f64>,
    /// Starting a runner: three quarters were as fast.
    pub p75_cold_boot_duration: Option<f64>,
    /// Starting a runner: 90 of 100 were as fast.
    pub p90_cold_boot_duration: Option<f64>,
    /// The billed time in all.
    pub total_billable_duration: Option<f64>,
}

wire! {
    Analytics {
        endpoint_id: required,
        request_count: optional,
        success_count: optional,
        user_error_count: optional,
        error_count: optional,
        startup_error_count: optional,
        connection_error_count: optional,
        timeout_error_count: optional,
        runtime_error_count: optional,
        p50_prepare_duration: optional,
        p75_prepare_duration: optional,
        p90_prepare_duration: optional,
        p95_prepare_duration: optional,
        p99_prepare_duration: optional,
        p25_duration: optional,
        p50_duration: optional,
        p75_duration: optional,
        p90_duration: optional,
        p95_duration: optional,
        p99_duration: optional,
        cold_boot_count: optional,
        p50_cold_boot_duration: optional,
        p75_cold_boot_duration: optional,
        p90_cold_boot_duration: optional,
        total_billable_duration: optional,
    }
}

impl Platform {
    /// How fast and how reliable endpoints were: at least one endpoint, and at
    /// least one metric.
    pub fn analytics(
        &self,
        endpoint_ids: impl IntoIterator<Item = impl Into<String>>,
        metrics: impl IntoIterator<Item = Metric>,
    ) -> List<AnalyticsListing> {
        let metrics = metrics.into_iter().map(|metric| metric.as_str().to_owned());
        List::new(&self.http)
            .add_all("endpoint_id", endpoint_ids)
            .add("expand", "time_series")
            .add_all("expand", metrics)
    }
}

impl List<AnalyticsListing> {
    /// With the figures of the whole range.
    pub fn with_summary(self) -> Self {
        self.add("expand", "summary")
    }
}
