//! The lines of a journal: how an event is written, and how the lines are read.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Event, Finished, History};
use crate::calls::queue::record::Record;
use crate::contract::wire::Decode;

/// The content of all lines about an item.
#[derive(Debug, Default)]
pub(super) struct ItemLines {
    /// The fingerprint of the input that the item was begun with.
    pub(super) input: Option<String>,
    pub(super) history: History,
}

/// The line for an event; `None` for a failure, since fal is asked again when the batch is
/// continued.
pub(super) fn line(index: usize, inputs: &[String], event: Event<'_>) -> Option<Value> {
    Some(match event {
        Event::Intent => {
            json!({"item": index, "event": "intent", "input": inputs.get(index)})
        }
        Event::Accepted(job) => json!({"item": index, "event": "accepted", "job": job}),
        Event::Refused => json!({"item": index, "event": "refused"}),
        Event::Unknown(words) => json!({"item": index, "event": "unknown", "error": words}),
        Event::Failed(_) => return None,
        Event::Done(finished) => done(index, finished),
    })
}

fn done(index: usize, finished: &Finished) -> Value {
    let mut line = json!({"item": index, "event": "done", "output": finished.output});
    if let Some(units) = finished.billable_units {
        line["billable_units"] = units.into();
    }
    if !finished.metrics.is_empty() {
        line["metrics"] = finished.metrics.clone().into();
    }
    line
}

/// Reads the lines of a journal.
pub(super) fn read(text: &[u8], count: usize) -> Result<Vec<ItemLines>, String> {
    let mut items: Vec<ItemLines> = (0..count).map(|_| ItemLines::default()).collect();
    let lines = text.split(|byte| *byte == b'\n');
    for (number, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let at = |why: String| format!("line {}: {why}", number + 1);
        let value: Value = serde_json::from_slice(line).map_err(|error| at(error.to_string()))?;
        let index = value.get("item").and_then(Value::as_u64);
        let item = index
            .and_then(|index| items.get_mut(usize::try_from(index).ok()?))
            .ok_or_else(|| at(format!("it refers to none of the {count} inputs")))?;
        item.apply(value).map_err(at)?;
    }
    Ok(items)
}

impl ItemLines {
    fn apply(&mut self, mut value: Value) -> Result<(), String> {
        match value.get("event").and_then(Value::as_str) {
            Some("intent") => {
                self.history.apply(Event::Intent);
                self.input = text(&value, "input");
            }
            Some("accepted") => {
                let job = value.get("job").unwrap_or(&Value::Null);
                Record::decode(job).map_err(|error| error.to_string())?;
                self.history.apply(Event::Accepted(job));
            }
            Some("refused") => self.history.apply(Event::Refused),
            Some("unknown") => self.history.unknown = text(&value, "error"),
            Some("done") => {
                if let Some(output) = value.get_mut("output").map(Value::take) {
                    let finished = Finished {
                        output,
                        billable_units: value.get("billable_units").and_then(Value::as_f64),
                        metrics: match value.get_mut("metrics").map(Value::take) {
                            Some(Value::Object(metrics)) => metrics,
                            _ => Map::new(),
                        },
                    };
                    self.history.apply(Event::Done(&finished));
                }
            }
            // A newer version may have written it. It could stand for a job that is paid for.
            Some(other) => return Err(format!("{other:?} is not an event")),
            None => return Err("it has no event".to_owned()),
        }
        Ok(())
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// Counts the inputs that the readable lines of a journal record as accepted.
pub(super) fn count_accepted(text: &[u8]) -> usize {
    let lines = text.split(|byte| *byte == b'\n');
    let accepted = lines.filter_map(|line| {
        let value: Value = serde_json::from_slice(line).ok()?;
        let is_accepted = value.get("event")?.as_str()? == "accepted";
        is_accepted.then(|| value.get("item")?.as_u64()).flatten()
    });
    accepted.collect::<BTreeSet<u64>>().len()
}

/// Checks that any bytes can be read or refused without a panic. A journal that is read has an
/// item for every input, and the count of accepted inputs includes every job.
#[cfg(any(test, fuzzing))]
pub(crate) fn check_any(bytes: &[u8]) {
    const INPUTS: usize = 3;
    let counted = count_accepted(bytes);
    if let Ok(items) = read(bytes, INPUTS) {
        assert_eq!(items.len(), INPUTS);
        let accepted = items.iter().filter(|item| item.history.job.is_some());
        assert!(accepted.count() <= counted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutation::each_mutation;

    const JOB: &str = r#"{"endpoint":"acme/x","request_id":"r-1"}"#;

    #[test]
    fn the_last_word_on_each_input_counts() {
        let text = format!(
            "{}\n{}\n{}\n{}\n{}\n",
            r#"{"item":0,"event":"intent","input":"a"}"#,
            r#"{"item":1,"event":"intent","input":"b"}"#,
            format_args!(r#"{{"item":0,"event":"accepted","job":{JOB}}}"#),
            r#"{"item":2,"event":"intent","input":"c"}"#,
            r#"{"item":2,"event":"refused"}"#,
        );
        let past = read(text.as_bytes(), 4).unwrap();
        let is_open = |index: usize| past[index].history.is_open;
        let job = past[0].history.job.as_ref().unwrap();
        assert_eq!(job["request_id"], "r-1");
        assert!(!is_open(0) && is_open(1) && !is_open(2));
        assert_eq!(past[1].input.as_deref(), Some("b"));
        assert!(past[3].input.is_none());
    }

    #[test]
    fn mutated_lines() {
        let lines = [
            r#"{"item":0,"event":"intent","input":"a"}"#,
            &format!(r#"{{"item":0,"event":"accepted","job":{JOB}}}"#),
            r#"{"item":2,"event":"unknown","error":"reset"}"#,
            r#"{"item":0,"event":"done","output":{"seed":1},"billable_units":2.5,"metrics":{"inference_time":0.5}}"#,
            r#"{"item":1,"event":"refused"}"#,
        ];
        let journal = lines.join("\n");
        let seeds: Vec<&[u8]> = lines
            .iter()
            .map(|line| line.as_bytes())
            .chain([journal.as_bytes()])
            .collect();
        each_mutation("journal", &seeds, check_any);
    }

    #[test]
    fn what_cannot_be_understood_stops_everything() {
        for line in [
            "no json",
            r#"{"item":9,"event":"intent","input":"a"}"#,
            r#"{"item":0,"event":"of another version"}"#,
            r#"{"item":0,"event":"accepted","job":{"endpoint":"acme/x","request_id":"../x"}}"#,
        ] {
            assert!(read(line.as_bytes(), 1).is_err(), "{line}");
        }
    }

    /// After a new submit, the earlier job no longer counts, whether the submit succeeds or not.
    #[test]
    fn a_new_submit_takes_the_place_of_an_earlier_job() {
        let accepted = format!(r#"{{"item":0,"event":"accepted","job":{JOB}}}"#);
        let intent = r#"{"item":0,"event":"intent","input":"a"}"#;
        let unknown = r#"{"item":0,"event":"unknown","error":"reset"}"#;
        let history = |lines: &[&str]| {
            let items = read(lines.join("\n").as_bytes(), 1);
            items.unwrap().remove(0).history
        };
        let past = history(&[intent, &accepted, intent]);
        assert!(past.is_open && past.job.is_none());
        let past = history(&[intent, &accepted, intent, unknown]);
        assert_eq!(past.unknown.as_deref(), Some("reset"));
        let past = history(&[intent, unknown, intent, &accepted]);
        assert!(!past.is_open && past.unknown.is_none() && past.was_accepted());
    }

    #[test]
    fn what_is_recorded_is_read_again() {
        let finished = Finished {
            output: json!({"seed": 1}),
            billable_units: Some(2.5),
            metrics: Map::from_iter([("inference_time".to_owned(), json!(0.5))]),
        };
        let text = line(0, &[], Event::Done(&finished)).unwrap().to_string();
        let read_back = read(text.as_bytes(), 1)
            .unwrap()
            .remove(0)
            .history
            .finished
            .unwrap();
        assert_eq!(read_back.output, finished.output);
        assert_eq!(read_back.billable_units, Some(2.5));
        assert_eq!(read_back.metrics, finished.metrics);
        // As earlier versions wrote it.
        let bare = r#"{"item":0,"event":"done","output":{"seed":1}}"#;
        let read_back = read(bare.as_bytes(), 1)
            .unwrap()
            .remove(0)
            .history
            .finished
            .unwrap();
        assert_eq!(read_back.output, finished.output);
        assert!(read_back.billable_units.is_none() && read_back.metrics.is_empty());
    }
}
