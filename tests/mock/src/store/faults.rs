//! The faults that were injected.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use crate::{
    fault::{Fault, Injection, Probe},
    seed::Seed,
    sync::lock,
};

/// The handle of a fault that was injected into a server.
#[derive(Debug, Clone)]
pub struct FaultHandle {
    id: u64,
    fired: Arc<AtomicU64>,
}

impl FaultHandle {
    /// The number of times that the fault has happened.
    #[must_use]
    pub fn fired(&self) -> u64 {
        self.fired.load(Ordering::Relaxed)
    }

    pub(crate) fn id(&self) -> u64 {
        self.id
    }
}

#[derive(Debug)]
struct Armed {
    injection: Injection,
    seen: u64,
    handle: FaultHandle,
}

/// The injected faults.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// The number of faults that can still happen. While it is 0, requests do not take the lock.
    waiting: AtomicUsize,
    given: AtomicU64,
    armed: Mutex<Vec<Armed>>,
}

impl Faults {
    pub(crate) fn add(&self, injection: Injection) -> FaultHandle {
        let handle = FaultHandle {
            id: self.given.fetch_add(1, Ordering::Relaxed),
            fired: Arc::default(),
        };
        let armed = Armed {
            injection,
            seen: 0,
            handle: handle.clone(),
        };
        self.change(|all| all.push(armed));
        handle
    }

    /// Takes the fault that a request gets, and whether the request is handled first.
    pub(crate) fn take(&self, probe: Probe<'_>, seed: &Seed) -> Option<(Fault, bool)> {
        if self.waiting.load(Ordering::Acquire) == 0 {
            return None;
        }
        self.change(|all| all.iter_mut().find_map(|armed| armed.meet(probe, seed)))
    }

    /// Removes a fault. Returns `false` if it could not happen any more.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let same = |armed: &Armed| armed.handle.id == id;
        self.change(|all| {
            let waiting = all.iter().any(|armed| same(armed) && !armed.is_spent());
            all.retain(|armed| !same(armed));
            waiting
        })
    }

    pub(crate) fn clear(&self) {
        self.change(Vec::clear);
    }

    /// Every fault with its id and the number of times that it has happened.
    pub(crate) fn all(&self) -> Vec<(u64, u64, Injection)> {
        let one = |armed: &Armed| {
            (
                armed.handle.id,
                armed.handle.fired(),
                armed.injection.clone(),
            )
        };
        lock(&self.armed).iter().map(one).collect()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Vec<Armed>) -> T) -> T {
        let mut armed = lock(&self.armed);
        let result = change(&mut armed);
        let waiting = armed.iter().filter(|armed| !armed.is_spent()).count();
        self.waiting.store(waiting, Ordering::Release);
        result
    }
}

impl Armed {
    fn meet(&mut self, probe: Probe<'_>, seed: &Seed) -> Option<(Fault, bool)> {
        if !self.injection.is_aimed_at(probe) {
            return None;
        }
        self.seen += 1;
        let early = self.seen <= self.injection.after;
        if early || self.is_spent() || seed.unit() >= self.injection.chance {
            return None;
        }
        self.handle.fired.fetch_add(1, Ordering::Relaxed);
        Some((self.injection.fault.clone(), self.injection.handled))
    }

    fn is_spent(&self) -> bool {
        self.injection
            .times
            .is_some_and(|times| self.handle.fired() >= times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::route::Route;

    fn probe(route: Route, app: &str) -> Probe<'_> {
        Probe {
            route,
            app,
            request_id: "r",
        }
    }

    #[test]
    fn aim_and_count() {
        let (faults, seed) = (Faults::default(), Seed::new(1));
        let handle = faults.add(
            Fault::Drop
                .on(Route::Submit)
                .endpoint("a/b/c")
                .after(1)
                .times(2),
        );
        let hits = |route, app| faults.take(probe(route, app), &seed).is_some();
        assert!(!hits(Route::Status, "a/b") && !hits(Route::Submit, "a/x"));
        assert!(!hits(Route::Submit, "a/b/c"), "the first passes");
        assert!(hits(Route::Submit, "a/b/c") && hits(Route::Submit, "a/b"));
        assert!(!hits(Route::Submit, "a/b/c"), "spent");
        assert_eq!(handle.fired(), 2);
    }

    #[test]
    fn chance_comes_from_the_seed() {
        let draw = |seed| {
            let (faults, seed) = (Faults::default(), Seed::new(seed));
            faults.add(Fault::Drop.on(Route::Run).always().chance(0.5));
            (0..64)
                .map(|_| faults.take(probe(Route::Run, ""), &seed).is_some())
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
