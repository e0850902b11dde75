//! The setters of the options, for all builders of calls.

/// Options of every call.
macro_rules! call_options {
    () => {
        /// Sends a header of your own. Headers that have an option of their own
        /// (priority, tags …) replace it; headers that carry the key or belong to
        /// the connection are refused.
        pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self)
                .set_header(name.as_ref(), value.as_ref());
            self
        }

        /// Sets how long the platform may take until a runner begins, its own retries
        /// included; more than 1 s. After that time the call fails with
        /// `request_timeout`.
        pub fn start_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self).set_start_timeout(timeout);
            self
        }

        /// Sets how long the whole call may take. When the time passes after a job was
        /// submitted, the job is cancelled if that can still be done, and the error has
        /// its request id.
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self).timeout = Some(timeout);
            self
        }

        /// Prefers the runner that the hint named before (sticky routing).
        pub fn runner_hint(mut self, hint: impl AsRef<str>) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self)
                .set("x-fal-runner-hint", hint.as_ref());
            self
        }

        /// Labels the request for usage reports; at most 10 tags. Keys are
        /// letters, digits, `.`, `_` and `-`, values printable ASCII without a
        /// comma.
        pub fn tag(mut self, key: impl AsRef<str>, value: impl AsRef<str>) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self)
                .set_tag(key.as_ref(), value.as_ref());
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

        /// Sets how long the files that the model makes are kept, and who may read them.
        pub fn lifecycle(mut self, lifecycle: $crate::transport::lifecycle::Lifecycle) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self).set_lifecycle(&lifecycle);
            self
        }

        /// Stores the files that the model makes in a bucket of your own. Not all models
        /// can: see [`UploadPolicy`](crate::UploadPolicy).
        pub fn upload_policy(
            mut self,
            policy: &$crate::transport::upload_policy::UploadPolicy,
        ) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self).set_upload_policy(policy);
            self
        }

        /// Sets whether the platform keeps the input and the output of the request. By
        /// default it keeps them for 30 days.
        pub fn store_io(mut self, store: bool) -> Self {
            let value = if store { "1" } else { "0" };
            $crate::calls::call::HasOptions::options_mut(&mut self).set("x-fal-store-io", value);
            self
        }

        /// Switches off the platform's own retries of a failing runner.
        pub fn no_retry(mut self) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self).set("x-fal-no-retry", "1");
            self
        }

        /// Keeps the platform from falling back to another app that serves the
        /// same model.
        pub fn disable_fallback(mut self) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self)
                .set("x-app-fal-disable-fallback", "true");
            self
        }

        /// Sets how this client repeats the call, in place of the client's policy.
        pub fn retry(mut self, policy: $crate::transport::http::retry::RetryPolicy) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self).set_retry(policy);
            self
        }

        /// Sends a value at a JSON pointer of the input, for a field that is
        /// newer than the schema.
        pub fn extra(
            mut self,
            pointer: impl Into<::std::string::String>,
            value: impl Into<::serde_json::Value>,
        ) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self)
                .set_extra(pointer.into(), value.into());
            self
        }

        /// Sets whether the input is checked before it is sent, in place of the client's
        /// setting.
        pub fn validate(mut self, validate: bool) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self).set_validate(validate);
            self
        }
    };
}

/// Options of calls that go through the queue.
macro_rules! queue_options {
    () => {
        /// Sets the priority of the job in the queue. Default: normal.
        pub fn priority(mut self, priority: $crate::calls::call::Priority) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self)
                .set("x-fal-queue-priority", &priority.to_string());
            self
        }

        /// Sets the URL to which the platform posts the result when the job has ended.
        pub fn webhook(mut self, url: impl AsRef<str>) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self).set_webhook(url.as_ref());
            self
        }

        /// Makes the server refuse the job (HTTP 429) if more than this many are waiting.
        pub fn max_queue_length(mut self, length: u32) -> Self {
            $crate::calls::call::HasOptions::options_mut(&mut self).set_max_queue_length(length);
            self
        }
    };
}

pub(crate) use {call_options, queue_options};
