//! A local fal.ai for tests.
