//! The routes, with a module for each family of routes. Each family has a type with the stores and settings that its handlers need.

mod control;
mod direct;
mod documents;
mod jwks;
mod platform;
mod queue;
mod storage;
mod tokens;

use std::sync::Arc;

use super::{settings::Settings, table::Table};
use crate::{
    background::{runner::Runner, tasks::Tasks},
    models::served::Models,
    seed::Seed,
    store::Stores,
};

/// The table of all routes.
pub(crate) fn table(
    models: &Arc<Models>,
    stores: &Stores,
    seed: &Arc<Seed>,
    runner: &Runner,
    tasks: &Tasks,
    settings: &Settings,
) -> Table {
    let direct = direct::Direct {
        models: Arc::clone(models),
        records: Arc::clone(&stores.records),
        tokens: Arc::clone(&stores.tokens),
        keys: Arc::clone(&stores.keys),
        seed: Arc::clone(seed),
        runner: runner.clone(),
        tasks: tasks.clone(),
    };
    let queue = queue::Queue {
        models: Arc::clone(models),
        jobs: Arc::clone(&stores.jobs),
        seed: Arc::clone(seed),
        runner: runner.clone(),
        strict: settings.strict,
        keep_alive: settings.keep_alive,
    };
    let platform = platform::Platform {
        models: Arc::clone(models),
        jobs: Arc::clone(&stores.jobs),
        files: Arc::clone(&stores.files),
        keys: Arc::clone(&stores.keys),
        seed: Arc::clone(seed),
    };
    let storage = storage::Storage {
        files: Arc::clone(&stores.files),
        tokens: Arc::clone(&stores.tokens),
        seed: Arc::clone(seed),
        cdn_token_expiry: settings.cdn_token_expiry.clone(),
    };
    let control = control::Control {
        models: Arc::clone(models),
        stores: stores.clone(),
    };
    let tokens = tokens::Needs {
        tokens: Arc::clone(&stores.tokens),
        seed: Arc::clone(seed),
    };
    Table::default()
        .with(queue::rows(queue))
        .with(direct::rows(direct))
        .with(documents::rows(Arc::clone(models)))
        .with(platform::rows(platform))
        .with(control::rows(control))
        .with(storage::rows(storage))
        .with(tokens::rows(tokens))
        .with(jwks::rows())
}
