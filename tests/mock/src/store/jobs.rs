//! The store of jobs.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use super::{
    info::JobInfo,
    job::{Job, Phase},
};
use crate::sync::lock;

/// The store of jobs, without those that were removed.
#[derive(Debug)]
pub(crate) struct Jobs {
    limit: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    by_id: HashMap<String, Arc<Job>>,
    /// The jobs in order of submission.
    order: VecDeque<Arc<Job>>,
    created: u64,
}

impl Jobs {
    /// Creates a store that removes the oldest completed jobs if there are more than `limit` jobs.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            inner: Mutex::default(),
        }
    }

    pub(crate) fn add(&self, job: &Arc<Job>) {
        let mut inner = lock(&self.inner);
        inner.created += 1;
        inner.by_id.insert(job.id.clone(), Arc::clone(job));
        inner.order.push_back(Arc::clone(job));
        while inner.order.len() > self.limit
            && let Some(old) = inner
                .order
                .front()
                .filter(|old| old.state().phase == Phase::Done)
                .cloned()
        {
            inner.order.pop_front();
            inner.by_id.remove(&old.id);
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<Job>> {
        lock(&self.inner).by_id.get(id).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Arc<Job>> {
        lock(&self.inner).order.iter().cloned().collect()
    }

    pub(crate) fn infos(&self) -> Vec<JobInfo> {
        self.all().iter().map(|job| job.info()).collect()
    }

    /// The number of jobs that were accepted, including removed ones.
    pub(crate) fn created(&self) -> u64 {
        lock(&self.inner).created
    }

    /// The number of jobs of an application that wait in the queue.
    pub(crate) fn queued(&self, app: &str) -> u64 {
        let jobs = self.all();
        let waits = |job: &&Arc<Job>| job.app == app && job.is_queued();
        jobs.iter().filter(waits).count() as u64
    }

    /// Releases a held job. Returns `false` if there is no such job.
    pub(crate) fn release(&self, id: &str) -> bool {
        self.get(id).map(|job| job.release()).is_some()
    }

    pub(crate) fn release_all(&self) {
        self.all().iter().for_each(|job| job.release());
    }

    /// Removes a job. Returns `false` if there is no such job.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let mut inner = lock(&self.inner);
        inner.order.retain(|job| job.id != id);
        inner.by_id.remove(id).is_some()
    }

    pub(crate) fn reset(&self) {
        *lock(&self.inner) = Inner::default();
    }
}
