//! The README's comparison: each of its rows is held by a test.

use crate::read;

/// Each row of the README's comparison, and a test that fails when our cell is no longer true.
const HELD: [(&str, &str, &str); 26] = [
    (
        "Types of inputs and outputs",
        "tests/consumer/tests/calls.rs",
        "generated_types_are_called_like_those_of_the_sdk",
    ),
    (
        "The schema's rules: ranges, lengths, patterns",
        "tests/compiled/tests/meaning/validation.rs",
        "lists_that_keep_their_rules",
    ),
    (
        "The schema's rules without generated types",
        "tests/tests/checked.rs",
        "every_violation_is_reported_before_anything_is_paid",
    ),
    (
        "Waiting for a job",
        "tests/tests/queue/streams.rs",
        "cut_streams_are_opened_again",
    ),
    (
        "A submit request whose reply is lost",
        "tests/reliability/tests/suite.rs",
        "over_tls",
    ),
    (
        "`Retry-After`",
        "tests/tests/queue/retries.rs",
        "retry_after_is_kept",
    ),
    (
        "A failed job",
        "tests/tests/queue/errors.rs",
        "a_failed_job_says_why_in_the_models_words",
    ),
    (
        "An output of an unexpected shape",
        "tests/tests/queue/errors.rs",
        "an_output_that_does_not_decode_is_kept",
    ),
    (
        "A job in another process",
        "tests/tests/queue/basics.rs",
        "a_job_is_found_again_by_its_id_and_from_its_serialised_form",
    ),
    (
        "Key sent to a host that a reply names",
        "tests/tests/queue/security.rs",
        "foreign_urls_in_a_submits_reply_are_not_followed",
    ),
    (
        "Key shown in debug output",
        "tests/tests/queue/security.rs",
        "the_key_is_nowhere_to_be_seen",
    ),
    (
        "Uploads",
        "tests/tests/services/storage/parts.rs",
        "an_upload_goes_on_where_it_failed",
    ),
    (
        "Outputs in a bucket of your own",
        "tests/tests/queue/options.rs",
        "every_option_reaches_the_server",
    ),
    (
        "Audio in `data:` URIs",
        "sdk/src/services/input_media/inline.rs",
        "audio_travels_under_the_types_that_fal_accepts",
    ),
    (
        "Tags for usage reports",
        "sdk/src/calls/call/tags.rs",
        "tags_of_the_same_key_count_towards_the_limits",
    ),
    (
        "Statuses and errors for a front end",
        "sdk/src/transport/error/serialize.rs",
        "an_error_is_written_with_what_is_known",
    ),
    (
        "Model streams, realtime",
        "tests/tests/services/realtime.rs",
        "inputs_go_and_outputs_come_in_both_encodings",
    ),
    (
        "Webhook verification",
        "tests/tests/services/webhook.rs",
        "deliveries_are_verified_and_typed",
    ),
    (
        "Calls from browsers without the key",
        "sdk/proxy/tests/it/attacks.rs",
        "nothing_but_allowed_calls_gets_through",
    ),
    (
        "Cost of a call",
        "tests/tests/queue/billing.rs",
        "failures_have_billed_units_and_a_cost",
    ),
    (
        "Prices, usage, model search",
        "tests/tests/services/platform/models.rs",
        "prices_and_estimates",
    ),
    (
        "Models as tools of a language model",
        "codegen/cli/tests/user/mcp.rs",
        "bad_input_and_an_empty_budget_cost_nothing",
    ),
    (
        "Every operation of the platform API",
        "tests/tests/services/platform/operations.rs",
        "any_operation_can_be_requested",
    ),
    (
        "Choice of TLS",
        "tests/tests/ci.rs",
        "the_check_tries_every_feature_of_the_runtime",
    ),
    (
        "Tests from real replies",
        "tests/tests/recording.rs",
        "what_was_recorded_is_replayed_without_a_key",
    ),
    (
        "Tests without a key",
        "tests/tests/queue/basics.rs",
        "a_direct_run_returns_its_typed_output",
    ),
];

/// The rows of the comparison that we lose. No test can hold them; only the first changes with a release.
const LOST: [&str; 4] = [
    "Published",
    "Official",
    "Proven against fal's servers",
    "Years of use",
];

#[test]
fn every_row_of_the_comparison_is_held_by_a_test() {
    let readme = read("README.md");
    let (_, section) = readme.split_once("## Comparison").expect("the section");
    let (section, _) = section.split_once("\n## ").expect("its end");
    let rows = section
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1);
    let rows: Vec<Vec<&str>> = rows
        .map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let names: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    let known: Vec<&str> = HELD
        .map(|(name, ..)| name)
        .into_iter()
        .chain(LOST)
        .collect();
    assert_eq!(names, known);
    assert_eq!(
        rows[HELD.len()][1] == "not yet",
        !fal_codegen::IS_RELEASED,
        "the row `Published` and codegen/src/released.rs disagree"
    );
    for row in &rows {
        assert_eq!(row.len(), 5, "{row:?}");
        assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
    }
    for (name, file, test) in HELD {
        let there = read(file).contains(&format!("fn {test}("));
        assert!(there, "{name}: {file} has no test {test}");
    }
}
