//! The parts of a server that answer requests.

use super::settings::Settings;
use crate::{
    background::{runner::Runner, tasks::Tasks},
    models::served::Models,
    seed::Seed,
    store::Stores,
};

/// What the service and the handlers of all routes work with.
pub(crate) struct Context {
    pub(crate) models: Models,
    pub(crate) stores: Stores,
    pub(crate) seed: Seed,
    pub(crate) runner: Runner,
    pub(crate) tasks: Tasks,
    pub(crate) settings: Settings,
}
