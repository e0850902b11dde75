//! Locking data that is complete whenever its lock is released.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks the data, also if a thread panicked while it had the lock.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
