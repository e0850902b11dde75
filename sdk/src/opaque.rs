//! `Debug` for calls, streams and connections: their names alone. What is in them
//! can be long, private, or nothing that could be read.

use std::fmt;

use crate::call::Payload;
use crate::platform::{ItemListing, Items, List, Listing, Pages};
use crate::stream::{OutputStream, RawStream, RawStreaming, Streaming};
use crate::{
    Batch, Detailing, JobResult, JobStatus, RawRun, ResumableUpload, Run, Submit, Subscribe,
    Updates, Upload,
};

macro_rules! opaque {
    ($($name:ident $(<$param:ident $(: $bound:ident)?>)?),* $(,)?) => {$(
        impl $(<$param $(: $bound)?>)? fmt::Debug for $name $(<$param>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

opaque! {
    Batch<P: Payload>,
    Detailing<B>,
    Items<K: ItemListing>,
    JobResult<P>,
    JobStatus,
    List<K>,
    OutputStream<O>,
    Pages<K: Listing>,
    RawRun<P>,
    RawStream,
    RawStreaming<P>,
    ResumableUpload,
    Run<P>,
    Streaming<P>,
    Submit<P>,
    Subscribe<P>,
    Updates,
    Upload,
}

#[cfg(feature = "blocking")]
mod blocking {
    use super::fmt;
    use crate::blocking::{Call, Updates};

    opaque! {
        Call<B>,
        Updates,
    }
}

#[cfg(feature = "realtime")]
mod realtime {
    use super::fmt;
    use crate::call::Payload;
    use crate::realtime::{Connection, RawRealtime, Realtime, SocketCalls, SocketCallsBuilder};

    opaque! {
        Connection<P: Payload>,
        RawRealtime<P>,
        Realtime<P>,
        SocketCalls<P>,
        SocketCallsBuilder<P>,
    }
}
