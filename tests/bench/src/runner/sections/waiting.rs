//! Subscribing: how soon the end of a job is known, at how many requests, and how many can be waited for at once.

use super::{
    Bound, CPU_SECONDS, Caller, Column, Context, Goal, Measurement, OURS, PEAK, SECONDS, Section,
    column, interleave,
};
use crate::Outcome;
use serde_json::{Value, json};

/// Jobs that are waited for run this long.
const RUN_MS: u64 = 2_000;
const REQUESTS: Column = column("requests", "requests per job");

pub fn notice(context: &Context<'_>) -> Outcome<Vec<Section>> {
    let server = context.server(&json!({}))?;
    let jobs = context.full_or_quick(40, 12);
    // Run times that no poll interval divides, the same for everybody.
    let run_ms: Vec<u64> = (0..jobs).map(|job| 150 + job * 137 % 500).collect();
    let tools = context.tools;
    let [plain, secure] = tools.sdk();
    let mut measurements = vec![
        (plain.clone(), "notice"),
        (secure, "notice"),
        (plain.named("fal-sdk, polling"), "notice_polling"),
    ];
    for caller in tools.official() {
        if caller.name.starts_with("JavaScript") {
            let name = format!("{}, polling", caller.name);
            measurements.push((caller.clone().named(&name), "notice_polling"));
            let name = format!("{}, streaming", caller.name);
            measurements.push((caller.named(&name), "notice"));
        } else {
            measurements.push((caller, "notice"));
        }
    }
    measurements.extend(
        tools
            .fal_crate(server.tunnel())
            .map(|caller| (caller, "notice")),
    );
    let options = json!({ "run_ms": run_ms });
    let measurements: Vec<Measurement<'_>> = measurements
        .into_iter()
        .map(|(caller, task)| measurement(caller, task, &options))
        .collect();
    let rows = interleave(
        &server,
        &measurements,
        context.full_or_quick(3, 1),
        |figures, (requests, made)| {
            figures.insert(
                "requests".to_owned(),
                (requests as f64 / jobs as f64).into(),
            );
            figures.insert("made".to_owned(), (made as f64 / jobs as f64).into());
        },
    )?;
    let about = "One job after the other, each running 150 to 650 ms: from its end to its output in the caller's hands, \
                 and HTTP requests for each job. Intervals of polling are the clients' own defaults.";
    let columns = [
        column("notice_ms", "notice, median, ms"),
        column("notice_p90_ms", "notice, 90 %, ms"),
        REQUESTS,
        column("made", "jobs made per call"),
    ];
    Ok(vec![Section::new(
        "From a job's end to its caller",
        about,
        &columns,
        rows,
    )])
}

fn measurement<'t>(caller: Caller, task: &'t str, options: &Value) -> Measurement<'t> {
    Measurement {
        ours: caller.name.starts_with("fal-sdk"),
        caller,
        task,
        options: options.clone(),
        against: None,
    }
}

/// What takes longer than this for 1,000 jobs is not asked for 10,000.
const TOO_SLOW_SECONDS: f64 = 10.0;

pub fn many(context: &Context<'_>) -> Outcome<Vec<Section>> {
    let first = at_once(context, 1_000, context.full_or_quick(3, 1), &|_| None)?
        .goal(&OURS, Goal::of(SECONDS, Bound::AtMost(2.2)));
    let seconds = |name: &str| {
        let row = first.rows.iter().find(|row| row.caller == name)?;
        Some(row.median("seconds").unwrap_or(f64::INFINITY))
    };
    let slow = |name: &str| match seconds(name) {
        Some(seconds) if seconds > TOO_SLOW_SECONDS => Some(format!(
            "not asked: 1,000 took more than {TOO_SLOW_SECONDS} s"
        )),
        _ => None,
    };
    let second = at_once(context, 10_000, 1, &slow)?;
    Ok(vec![first, second])
}

fn at_once(
    context: &Context<'_>,
    count: u64,
    rounds: usize,
    left_out: &dyn Fn(&str) -> Option<String>,
) -> Outcome<Section> {
    let server = context.server(&json!({}))?;
    server.jobs_run_for(RUN_MS)?;
    let tools = context.tools;
    let mut callers = Vec::from(tools.sdk());
    callers.extend(tools.official());
    callers.extend(tools.fal_crate(server.tunnel()));
    let options = json!({ "count": count });
    let (asked, skipped): (Vec<_>, Vec<_>) = callers
        .into_iter()
        .partition(|caller| left_out(&caller.name).is_none());
    let measurements: Vec<Measurement<'_>> = asked
        .into_iter()
        .map(|caller| measurement(caller, "many", &options))
        .collect();
    let mut rows = interleave(
        &server,
        &measurements,
        rounds,
        |figures, (requests, made)| {
            figures.insert(
                "requests".to_owned(),
                (requests as f64 / count as f64).into(),
            );
            figures.insert("made".to_owned(), made.into());
        },
    )?;
    for caller in skipped {
        let mut row = super::Row::new(&caller.name, None);
        row.failure = left_out(&caller.name);
        rows.push(row);
    }
    let title = format!(
        "{} jobs of 2 s waited for at once",
        super::super::report::three_digits(count as f64)
    );
    let about = "One process subscribes to all of them at the same moment and waits for every output. More jobs made than \
                 asked for would be paid for twice.";
    let columns = [
        SECONDS,
        PEAK,
        CPU_SECONDS,
        REQUESTS,
        column("failures", "failures"),
        column("made", "jobs made"),
    ];
    Ok(Section::new(&title, about, &columns, rows)
        .goal(&OURS, Goal::of(REQUESTS, Bound::AtMost(3.0))))
}
