//! The setters of the options, for all builders of calls. The macros take the place of the
//! options in a builder: `call.options`.

/// Options of every call.
macro_rules! call_options {
    ($($options:tt)+) => {
        /// Sends an additional header. If an option, such as [`tag`](Self::tag), sets the
        /// same header, the option takes precedence. A header that carries the key or
        /// belongs to the connection, such as `Authorization` or `Host`, is an error when
        /// the call is made.
        pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
            self.$($options)+.set_header(name.as_ref(), value.as_ref());
            self
        }

        /// Sets how long the platform may take until a runner starts the request, including
        /// the platform's own retries. It must be more than 1 s. After that time the call
        /// fails with the error type `request_timeout`.
        pub fn start_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.$($options)+.set_start_timeout(timeout);
            self
        }

        /// Sets how long the whole call may take. If the time passes while the call waits for
        /// its job, the job is cancelled if that is still possible, and the error has its
        /// request id. Without this option, the client's [`Timeouts`](crate::Timeouts) apply.
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.$($options)+.timeout = Some(timeout);
            self
        }

        /// Asks the platform to prefer the runner that earlier calls with the same hint were
        /// routed to (sticky routing).
        pub fn runner_hint(mut self, hint: impl AsRef<str>) -> Self {
            self.$($options)+.set("x-fal-runner-hint", hint.as_ref());
            self
        }

        /// Labels the request for usage reports. A call can have up to 10 tags, with up to
        /// 1,024 bytes together.
        ///
        /// A key has 1 to 64 letters, digits, `.`, `_` and `-`; it is sent in lower case and
        /// must not start with `fal.`. A value has up to 256 printable ASCII characters and
        /// no comma. A tag replaces an earlier one with the same key.
        pub fn tag(mut self, key: impl AsRef<str>, value: impl AsRef<str>) -> Self {
            self.$($options)+.set_tag(key.as_ref(), value.as_ref());
            self
        }

        /// Labels the request with several tags: see [`tag`](Self::tag).
        pub fn tags<K: AsRef<str>, V: AsRef<str>>(
            mut self,
            tags: impl IntoIterator<Item = (K, V)>,
        ) -> Self {
            for (key, value) in tags {
                self = self.tag(key, value);
            }
            self
        }

        /// Sets how long the files that the model creates are kept, and who may read them.
        pub fn lifecycle(mut self, lifecycle: $crate::transport::lifecycle::Lifecycle) -> Self {
            self.$($options)+.set_lifecycle(&lifecycle);
            self
        }

        /// Stores the files that the model creates in a bucket of your own. Not all models
        /// support this: see [`UploadPolicy`](crate::UploadPolicy).
        pub fn upload_policy(
            mut self,
            policy: &$crate::transport::upload_policy::UploadPolicy,
        ) -> Self {
            self.$($options)+.set_upload_policy(policy);
            self
        }

        /// Sets whether the platform stores the input and the output of the request. By
        /// default it stores them for 30 days.
        pub fn store_io(mut self, store: bool) -> Self {
            let value = if store { "1" } else { "0" };
            self.$($options)+.set("x-fal-store-io", value);
            self
        }

        /// Switches off the platform's own retries, which it makes when a runner fails.
        pub fn no_retry(mut self) -> Self {
            self.$($options)+.set("x-fal-no-retry", "1");
            self
        }

        /// Prevents the platform from routing the request to another app that serves the
        /// same model.
        pub fn disable_fallback(mut self) -> Self {
            self.$($options)+.set("x-app-fal-disable-fallback", "true");
            self
        }

        /// Sets how this call is retried, in place of the client's policy.
        pub fn retry(mut self, policy: $crate::transport::http::retry::RetryPolicy) -> Self {
            self.$($options)+.retry = Some(policy);
            self
        }

        /// Adds a value to the input at a JSON pointer (RFC 6901), such as `/loras/0/scale`,
        /// for a field that the type of the input does not have.
        ///
        /// Missing objects on the way are created. A list must have the item, and `-` appends
        /// one. A pointer that cannot be followed is an error when the call is made.
        pub fn extra(
            mut self,
            pointer: impl Into<::std::string::String>,
            value: impl Into<::serde_json::Value>,
        ) -> Self {
            self.$($options)+.extras.push((pointer.into(), value.into()));
            self
        }

        /// Sets whether the input is checked against its schema before it is sent, in place
        /// of the client's setting.
        pub fn validate(mut self, validate: bool) -> Self {
            self.$($options)+.validate = Some(validate);
            self
        }
    };
}

/// Options of calls that go through the queue.
macro_rules! queue_options {
    ($($options:tt)+) => {
        /// Sets the priority of the job in the queue. Default: normal.
        pub fn priority(mut self, priority: $crate::calls::call::Priority) -> Self {
            self.$($options)+.set("x-fal-queue-priority", &priority.to_string());
            self
        }

        /// Sets the URL to which the platform posts the result when the job has ended. It must
        /// be an absolute `https:` or `http:` URL.
        pub fn webhook(mut self, url: impl AsRef<str>) -> Self {
            self.$($options)+.set_webhook(url.as_ref());
            self
        }

        /// Sets the length of the queue above which the server refuses the job (HTTP 429).
        /// By default there is no limit.
        pub fn max_queue_length(mut self, length: u32) -> Self {
            self.$($options)+.set_max_queue_length(length);
            self
        }
    };
}

pub(crate) use {call_options, queue_options};
