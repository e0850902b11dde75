//! The kinds of events in the life of an app of the account.

use crate::open_enum;

open_enum! {
    /// The kind of an event in the life of an app: of one of its runners, a deployment or
    /// its configuration.
    pub enum AppEventCategory: String {
        RunnerPending = "runner_pending",
        RunnerDockerPull = "runner_docker_pull",
        RunnerSetup = "runner_setup",
        RunnerStarted = "runner_started",
        RunnerStartupFailure = "runner_startup_failure",
        RunnerDraining = "runner_draining",
        RunnerStopping = "runner_stopping",
        RunnerFinished = "runner_finished",
        RunnerFailed = "runner_failed",
        DeploymentStarted = "deployment_started",
        DeploymentEnded = "deployment_ended",
        DeploymentFailed = "deployment_failed",
        DeploymentRollingStarted = "deployment_rolling_started",
        DeploymentRollingEnded = "deployment_rolling_ended",
        DeploymentRollingFailed = "deployment_rolling_failed",
        DeploymentRecreateApplied = "deployment_recreate_applied",
        ConfigChanged = "config_changed",
    }
}
