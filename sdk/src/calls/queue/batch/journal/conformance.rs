//! Tests whether an implementation of [`Journal`] keeps every promise of the trait.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use fal_sdk::journal::{FileJournal, conformance};
//!
//! let folder = tempfile::tempdir().unwrap();
//! conformance::check(|name| FileJournal::new(folder.path().join(name))).await.unwrap();
//! # });
//! ```

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Claim, Event, Finished, History, Journal, JournalFuture};

/// The time limit for what has to succeed, such as the claim of an item whose program has
/// ended.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the tests watch a claim that has to wait for an item of another program.
const WATCHED: Duration = Duration::from_millis(500);

/// Checks every promise of [`Journal`].
///
/// The function `journal` is given the name of a storage, and returns a journal in this
/// storage that has not been opened. When it is called again with the same name, it returns
/// another journal in the same storage, as another program would open it.
///
/// # Errors
/// When a promise is broken. The error says which promise, and what was found instead.
pub async fn check<J: Journal>(journal: impl Fn(&str) -> J) -> Result<(), String> {
    hands_out_each_item_once(&journal("order")).await?;
    reads_again_what_was_recorded(&journal).await?;
    refuses_other_inputs(&journal).await?;
    claims_are_exclusive(&journal).await?;
    records_from_many_tasks(&journal).await?;
    lists_what_is_unfinished(&journal("unfinished")).await
}

async fn hands_out_each_item_once(journal: &impl Journal) -> Result<(), String> {
    allowed(journal.open(&inputs(7)), "opening a new journal").await?;
    let claims = claim_all(journal).await?;
    let indexes: BTreeSet<usize> = claims.iter().map(|claim| claim.index).collect();
    require(
        claims.len() == 7 && indexes == (0..7).collect(),
        "each item is handed out once",
        &claims,
    )?;
    let is_new = claims
        .iter()
        .all(|claim| claim.history == History::default());
    require(is_new, "a new item has no history", &claims)?;
    let after = allowed(journal.claim(), "a claim after the last").await?;
    require(after.is_none(), "nothing is handed out twice", &after)?;
    let empty = allowed(journal.unfinished(), "a list of what is unfinished").await?;
    require(empty.is_empty(), "nothing was begun", &empty)
}

async fn reads_again_what_was_recorded<J: Journal>(
    journal: &impl Fn(&str) -> J,
) -> Result<(), String> {
    let (job, second_job) = (job(1), job(2));
    let finished = strange_output();
    let accepted = Event::Accepted(&job);
    let sequences: [&[Event<'_>]; 10] = [
        &[Event::Intent],
        &[Event::Intent, Event::Refused],
        &[Event::Intent, Event::Unknown("the connection\u{1b} broke")],
        &[Event::Intent, accepted],
        &[Event::Intent, accepted, Event::Failed("no \"memory\"")],
        &[Event::Intent, accepted, Event::Done(&finished)],
        // A later submit gives the earlier job up.
        &[Event::Intent, accepted, Event::Intent],
        &[Event::Intent, Event::Refused, Event::Intent],
        &[
            Event::Intent,
            Event::Unknown("x"),
            Event::Intent,
            Event::Accepted(&second_job),
        ],
        &[],
    ];
    let inputs = inputs(sequences.len());
    let first = journal("history");
    allowed(first.open(&inputs), "opening a new journal").await?;
    claim_all(&first).await?;
    for (index, events) in sequences.iter().enumerate() {
        for event in *events {
            allowed(first.record(index, *event), "recording an event").await?;
        }
    }
    drop(first);
    let second = journal("history");
    allowed(second.open(&inputs), "opening a journal again").await?;
    for claim in claim_all(&second).await? {
        let mut expected = History::default();
        for event in sequences.get(claim.index).copied().unwrap_or_default() {
            expected.apply(*event);
        }
        let what = format!("item {} has the history {expected:?}", claim.index);
        require(claim.history == expected, &what, &claim.history)?;
    }
    Ok(())
}

async fn refuses_other_inputs<J: Journal>(journal: &impl Fn(&str) -> J) -> Result<(), String> {
    let inputs = inputs(3);
    let first = journal("inputs");
    allowed(first.open(&inputs), "opening a new journal").await?;
    claim_all(&first).await?;
    for index in 0..inputs.len() {
        allowed(first.record(index, Event::Intent), "recording an event").await?;
    }
    drop(first);
    let mut swapped = inputs.clone();
    swapped.swap(0, 1);
    let mut changed = inputs.clone();
    changed[2] = "another".to_owned();
    for other in [swapped, changed, inputs[..2].to_vec()] {
        let refused = journal("inputs").open(&other).await.is_err();
        require(refused, "other inputs are refused", &other)?;
    }
    allowed(journal("inputs").open(&inputs), "opening it with the same").await
}

async fn claims_are_exclusive<J: Journal>(journal: &impl Fn(&str) -> J) -> Result<(), String> {
    let inputs = inputs(4);
    let (first, second) = (journal("shared"), journal("shared"));
    allowed(first.open(&inputs), "opening a new journal").await?;
    if second.open(&inputs).await.is_ok() {
        let mut mine = Vec::new();
        for _ in 0..2 {
            mine.extend(allowed(first.claim(), "a claim").await?);
        }
        let mut theirs = Vec::new();
        for _ in 0..2 {
            theirs.extend(allowed(second.claim(), "a claim of a second program").await?);
        }
        let both = mine.iter().chain(&theirs);
        let indexes: BTreeSet<usize> = both.map(|claim| claim.index).collect();
        require(
            indexes.len() == 4,
            "a claim is exclusive",
            &(&mine, &theirs),
        )?;
        waits_for_items_of_others(&first, &second, &mine).await?;
        return Ok(());
    }
    // The second was refused. Once the first is dropped, the journal can be opened again.
    drop((first, second));
    let third = journal("shared");
    allowed(third.open(&inputs), "opening it after the first is gone").await?;
    let claims = claim_all(&third).await?;
    require(claims.len() == 4, "each item is handed out once", &claims)
}

/// Tests that `second`, which has claimed all free items, waits for those that `first` has.
async fn waits_for_items_of_others(
    first: &impl Journal,
    second: &impl Journal,
    mine: &[Claim],
) -> Result<(), String> {
    let [done, running] = mine else {
        return Err(format!("two items were claimed: {mine:?}"));
    };
    let mut claim = second.claim();
    let early = tokio::time::timeout(WATCHED, &mut claim).await;
    require(
        early.is_err(),
        "an item of another program is waited for",
        &early,
    )?;
    allowed(
        first.record(done.index, Event::Intent),
        "recording an event",
    )
    .await?;
    let finished = strange_output();
    allowed(
        first.record(done.index, Event::Done(&finished)),
        "recording an output",
    )
    .await?;
    let claimed = allowed(claim, "a claim of an item that was finished").await?;
    let output = claimed.as_ref().and_then(|c| c.history.finished.as_ref());
    require(
        claimed.as_ref().map(|claim| claim.index) == Some(done.index) && output == Some(&finished),
        "what another program finished is handed out with its output",
        &claimed,
    )?;
    let rest = tokio::time::timeout(WATCHED, second.claim()).await;
    let what = format!("item {} is still claimed", running.index);
    require(rest.is_err(), &what, &rest)
}

async fn records_from_many_tasks<J: Journal>(journal: &impl Fn(&str) -> J) -> Result<(), String> {
    let inputs = inputs(60);
    let first = journal("many");
    allowed(first.open(&inputs), "opening a new journal").await?;
    claim_all(&first).await?;
    let first_ref = &first;
    let records = (0..inputs.len()).map(|index| async move {
        allowed(first_ref.record(index, Event::Intent), "recording").await?;
        let job = job(index);
        allowed(first_ref.record(index, Event::Accepted(&job)), "recording").await
    });
    for recorded in futures_util::future::join_all(records).await {
        recorded?;
    }
    drop(first);
    let second = journal("many");
    allowed(second.open(&inputs), "opening a journal again").await?;
    let claims = claim_all(&second).await?;
    let all_there = claims.len() == inputs.len()
        && claims
            .iter()
            .all(|claim| claim.history.job.as_ref() == Some(&job(claim.index)));
    require(all_there, "what many tasks record at once is kept", &claims)
}

async fn lists_what_is_unfinished(journal: &impl Journal) -> Result<(), String> {
    allowed(journal.open(&inputs(5)), "opening a new journal").await?;
    claim_all(journal).await?;
    let (job, finished) = (job(3), strange_output());
    let recorded: [(usize, Event<'_>); 8] = [
        (0, Event::Intent),
        (1, Event::Intent),
        (1, Event::Refused),
        (2, Event::Intent),
        (2, Event::Accepted(&job)),
        (3, Event::Intent),
        (3, Event::Accepted(&job)),
        (3, Event::Done(&finished)),
    ];
    for (index, event) in recorded {
        allowed(journal.record(index, event), "recording an event").await?;
    }
    let listed = allowed(journal.unfinished(), "a list of what is unfinished").await?;
    let indexes: BTreeSet<usize> = listed.iter().map(|claim| claim.index).collect();
    let is_right = indexes == BTreeSet::from([0, 2]);
    require(is_right, "items 0 and 2 are unfinished", &listed)
}

fn inputs(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("{index:016x}")).collect()
}

/// A job in the form in which the batch records one.
fn job(number: usize) -> Value {
    json!({"endpoint": "acme/sample/depth", "request_id": format!("0195-{number}")})
}

/// An output that is hard to keep: characters that databases and line formats dislike, and
/// numbers at the limits.
fn strange_output() -> Finished {
    let output = json!({
        "text": "\u{0} \n \r \u{2028} \u{1f600} \\ ' \" {} $1",
        "": [null, true, {}, []],
        "largest": u64::MAX,
        "smallest": i64::MIN,
        "fraction": 0.1,
        "long": "x".repeat(100_000),
    });
    let mut metrics = Map::new();
    metrics.insert("inference_time".to_owned(), json!(0.25));
    Finished {
        output,
        billable_units: Some(2.5),
        metrics,
    }
}

async fn claim_all(journal: &impl Journal) -> Result<Vec<Claim>, String> {
    let mut claims = Vec::new();
    while let Some(claim) = allowed(journal.claim(), "a claim").await? {
        claims.push(claim);
    }
    Ok(claims)
}

/// Awaits a future that has to succeed within the time limit.
async fn allowed<T>(future: JournalFuture<'_, T>, what: &str) -> Result<T, String> {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(format!("{what} failed: {error}")),
        Err(_) => Err(format!("{what} took longer than {PATIENCE:?}")),
    }
}

fn require(holds: bool, what: &str, found: &dyn std::fmt::Debug) -> Result<(), String> {
    match holds {
        true => Ok(()),
        false => Err(format!("promised: {what}; found: {found:?}")),
    }
}
