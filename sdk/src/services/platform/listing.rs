//! Macros that declare kinds of lists: their pages, and the filters that several of them
//! have.

/// Declares a kind of list and the type of its pages.
macro_rules! listing {
    (
        $(#[$doc:meta])*
        $kind:ident: $path:literal,
        $page:ident { $(#[doc = $items_doc:tt])* $items:ident: $item:ident }
    ) => {
        $crate::object! {
            #[doc = concat!("A page of [`", stringify!($kind), "`].")]
            pub struct $page {
                $(#[doc = $items_doc])*
                pub $items: required Vec<$item>;
                /// The cursor of the next page, if there is one.
                pub next_cursor: optional String;
            }
        }

        $crate::services::platform::listing::kind! {
            $(#[$doc])* $kind: $path => $page, |page| {
                $crate::services::platform::Next::of_cursor(page.next_cursor.as_deref())
            }
        }

        $crate::services::platform::listing::items! { $kind: $page.$items: $item }
    };
}

/// Declares a kind of list that is read by `offset`, and the type of its pages.
macro_rules! offset_listing {
    (
        $(#[$doc:meta])*
        $kind:ident: $path:literal,
        $page:ident { $(#[doc = $items_doc:tt])* $items:ident: $item:ident }
    ) => {
        $crate::object! {
            #[doc = concat!("A page of [`", stringify!($kind), "`].")]
            pub struct $page {
                $(#[doc = $items_doc])*
                pub $items: required Vec<$item>;
            }
        }

        $crate::services::platform::listing::kind! {
            $(#[$doc])* $kind: $path => $page, |page| {
                $crate::services::platform::Next::After(page.$items.len())
            }
        }

        $crate::services::platform::listing::items! { $kind: $page.$items: $item }

        impl $crate::services::platform::ListRequest<$kind> {
            /// Skips this many items at the beginning of the list.
            pub fn offset(self, items: u64) -> Self {
                self.set("offset", items.to_string())
            }
        }
    };
}

/// Declares a kind of list whose pages have figures for time buckets, such as hours.
macro_rules! time_series {
    (
        $(#[$doc:meta])*
        $kind:ident: $path:literal,
        $(#[$page_doc:meta])*
        $page:ident,
        $(#[$bucket_doc:meta])*
        $bucket:ident of $record:ident
    ) => {
        $crate::object! {
            $(#[$page_doc])*
            pub struct $page {
                /// The figures of each time bucket. Absent if only the summary was requested.
                pub time_series: optional Vec<$bucket>;
                /// The figures of the whole time range, if they were requested with
                /// [`with_summary`](crate::platform::ListRequest::with_summary).
                pub summary: optional Vec<$record>;
                /// The cursor of the next page, if there is one.
                pub next_cursor: optional String;
            }
        }

        $crate::object! {
            $(#[$bucket_doc])*
            pub struct $bucket {
                /// When the time bucket begins, in RFC 3339.
                pub bucket: required String;
                /// The figures of the time bucket, with a record for each endpoint or app and
                /// each unit.
                pub results: required Vec<$record>;
            }
        }

        $crate::services::platform::listing::kind! {
            $(#[$doc])* $kind: $path => $page, |page| {
                $crate::services::platform::Next::of_cursor(page.next_cursor.as_deref())
            }
        }

        $crate::services::platform::listing::filters! {
            $kind: start, end, timezone, timeframe, bound_to_timeframe, with_summary
        }
    };
}

/// Declares the marker type of a kind of list, and how its next page is requested.
macro_rules! kind {
    ($(#[$doc:meta])* $kind:ident: $path:literal => $page:ident, |$this:ident| $next:block) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $kind;

        impl $crate::services::platform::list::sealed::Sealed for $kind {}

        impl $crate::services::platform::Listing for $kind {
            type Page = $page;
            const PATH: &'static str = $path;

            fn next($this: &$page) -> $crate::services::platform::Next<'_> $next
        }
    };
}

/// Implements [`ItemListing`](crate::platform::ItemListing) for a kind of list.
macro_rules! items {
    ($kind:ident: $page:ident.$items:ident: $item:ident) => {
        impl $crate::services::platform::ItemListing for $kind {
            type Item = $item;

            fn items(page: $page) -> Vec<$item> {
                page.$items
            }
        }
    };
}

/// Implements some of the filters below for a kind of list.
macro_rules! filters {
    ($kind:ident: $($filter:ident),+) => {
        impl $crate::services::platform::ListRequest<$kind> {
            $($crate::services::platform::listing::filter! { $filter })+
        }
    };
}

/// Defines one of the filters that several kinds of lists have.
macro_rules! filter {
    (start) => {
        /// Sets the start of the time range: earlier entries are left out. Default: 24 hours
        /// ago.
        pub fn start(self, start: impl Into<$crate::services::platform::Timestamp>) -> Self {
            self.set("start", start.into().as_str())
        }
    };
    (end) => {
        /// Sets the end of the time range: entries at this time or later are left out.
        /// Default: now.
        pub fn end(self, end: impl Into<$crate::services::platform::Timestamp>) -> Self {
            self.set("end", end.into().as_str())
        }
    };
    (endpoint) => {
        /// Lists only entries of this endpoint. Called more than once, it lists the entries
        /// of all the given endpoints, up to 50.
        pub fn endpoint(self, id: impl Into<String>) -> Self {
            self.add("endpoint_id", id)
        }
    };
    (api_key) => {
        /// Lists only entries of requests with this key, given the key's id. Called more than
        /// once, it lists the entries of all the given keys.
        pub fn api_key(self, key_id: impl Into<String>) -> Self {
            self.add("api_key_id", key_id)
        }
    };
    (login_username) => {
        /// Lists only entries of requests that this user made while logged in. Called more
        /// than once, it lists the entries of all the given users.
        pub fn login_username(self, name: impl Into<String>) -> Self {
            self.add("login_username", name)
        }
    };
    (team) => {
        /// Lists only entries of a team, given its username. Called more than once, it lists
        /// the entries of all the given teams.
        pub fn team(self, username: impl Into<String>) -> Self {
            self.add("team_username", username)
        }
    };
    (with_auth_method) => {
        /// Includes the key or the user that made the requests.
        pub fn with_auth_method(self) -> Self {
            self.add("expand", "auth_method")
                .add("expand", "auth_method_structured")
        }
    };
    (with_summary) => {
        /// Includes the figures of the whole time range.
        pub fn with_summary(self) -> Self {
            self.add("expand", "summary")
        }
    };
    (timezone) => {
        /// Sets the time zone in which days and longer time buckets begin, such as
        /// `Europe/Berlin`. Default: `UTC`.
        pub fn timezone(self, zone: impl Into<String>) -> Self {
            self.set("timezone", zone)
        }
    };
    (timeframe) => {
        /// Sets the length of the time buckets. By default it follows from the length of the
        /// time range.
        pub fn timeframe(self, timeframe: $crate::services::platform::Timeframe) -> Self {
            self.set("timeframe", timeframe.as_str())
        }
    };
    (bound_to_timeframe) => {
        /// Sets whether the time range is aligned to whole time buckets. Default: `true`.
        pub fn bound_to_timeframe(self, bound: bool) -> Self {
            self.set("bound_to_timeframe", bound.to_string())
        }
    };
}

pub(super) use {filter, filters, items, kind, listing, offset_listing, time_series};
