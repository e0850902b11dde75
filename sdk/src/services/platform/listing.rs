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

/// Implements filters for a kind of list: some of those below, or its own.
macro_rules! filters {
    ($kind:ident: $($filter:ident),+) => {
        impl $crate::services::platform::ListRequest<$kind> {
            $($crate::services::platform::listing::filter! { $filter })+
        }
    };
    ($kind:ident { $($own:tt)* }) => {
        impl $crate::services::platform::ListRequest<$kind> {
            $crate::services::platform::parameters::parameters! { $($own)* }
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
    (with_auth_method) => {
        /// Includes the key or the user that made the requests.
        pub fn with_auth_method(self) -> Self {
            self.add("expand", "auth_method")
                .add("expand", "auth_method_structured")
        }
    };
    (endpoint) => {
        $crate::services::platform::parameters::parameters! {
            /// Lists only entries of this endpoint. Called more than once, it lists the entries
            /// of all the given endpoints, up to 50.
            endpoint(id) => add "endpoint_id";
        }
    };
    (api_key) => {
        $crate::services::platform::parameters::parameters! {
            /// Lists only entries of requests with this key, given the key's id. Called more
            /// than once, it lists the entries of all the given keys.
            api_key(key_id) => add "api_key_id";
        }
    };
    (login_username) => {
        $crate::services::platform::parameters::parameters! {
            /// Lists only entries of requests that this user made while logged in. Called more
            /// than once, it lists the entries of all the given users.
            login_username(name) => add "login_username";
        }
    };
    (team) => {
        $crate::services::platform::parameters::parameters! {
            /// Lists only entries of a team, given its username. Called more than once, it lists
            /// the entries of all the given teams.
            team(username) => add "team_username";
        }
    };
    (with_summary) => {
        $crate::services::platform::parameters::parameters! {
            /// Includes the figures of the whole time range.
            with_summary() => add "expand" = "summary";
        }
    };
    (timezone) => {
        $crate::services::platform::parameters::parameters! {
            /// Sets the time zone in which days and longer time buckets begin, such as
            /// `Europe/Berlin`. Default: `UTC`.
            timezone(zone) => set "timezone";
        }
    };
    (timeframe) => {
        $crate::services::platform::parameters::parameters! {
            /// Sets the length of the time buckets. By default it follows from the length of the
            /// time range.
            timeframe(timeframe: $crate::services::platform::Timeframe) => set "timeframe";
        }
    };
    (bound_to_timeframe) => {
        $crate::services::platform::parameters::parameters! {
            /// Sets whether the time range is aligned to whole time buckets. Default: `true`.
            bound_to_timeframe(bound: bool) => set "bound_to_timeframe";
        }
    };
}

pub(super) use {filter, filters, items, kind, listing, offset_listing, time_series};
