//! Uploads and downloads of a large file.

use super::{
    Bound, CPU_SECONDS, Column, Context, Figures, Goal, Measurement, OURS, PEAK, Row, SECONDS,
    Section, column, interleave,
};
use crate::{Outcome, file_error, runner::server::Server};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    process::Command,
};
use tempfile::TempDir;

/// How large the file is, in MiB.
const SIZE_MIB: usize = 256;
/// The callers that upload by curl, plain and over TLS.
const CURL: [&str; 2] = ["curl", "curl, TLS"];
const SPEED: Column = column("mib_per_second", "MiB/s");
const COLUMNS: [Column; 4] = [SPEED, SECONDS, PEAK, CPU_SECONDS];

pub fn measure(context: &Context<'_>) -> Outcome<Vec<Section>> {
    let folder = TempDir::new()?;
    let file = folder.path().join("large.mp4");
    fill(&file).map_err(|error| file_error("write", &file, &error))?;
    Ok(vec![
        upload(context, &file)?,
        download(context, &file, &folder.path().join("fetched.mp4"))?,
    ])
}

fn fill(path: &Path) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut block = vec![0_u8; 1 << 20];
    fastrand::Rng::with_seed(7).fill(&mut block);
    for _ in 0..SIZE_MIB {
        file.write_all(&block)?;
    }
    file.flush()
}

fn upload(context: &Context<'_>, file: &Path) -> Outcome<Section> {
    let server = context.server(&json!({ "discard_uploads": true }))?;
    let options = json!({ "file": file });
    let mut measurements = ours(context, "upload", &options);
    if context.tools.curl {
        for measurement in &mut measurements {
            measurement.against = Some(CURL[usize::from(measurement.caller.secure)]);
        }
    }
    let official = context
        .tools
        .official()
        .into_iter()
        .map(|caller| Measurement {
            caller,
            task: "upload",
            options: options.clone(),
            against: Some(CURL[1]),
            ours: false,
        });
    measurements.extend(official);
    let mut curl = match context.tools.curl {
        true => CURL.map(|name| Row::new(name, None)).into(),
        false => Vec::new(),
    };
    let mut rows = Vec::new();
    for _ in 0..context.full_or_quick(3, 1) {
        for row in &mut curl {
            put(&server, file, row)?;
        }
        merge(&mut rows, interleave(&server, &measurements, 1, |_, _| ())?);
    }
    rows.splice(0..0, curl);
    let about = "From a file on disk to the CDN's storage, in one request (curl, bare reqwest) or as each client does it. \
                 The ratio is to curl over the same transport.";
    let title = format!("Upload of {SIZE_MIB} MiB");
    Ok(Section::new(&title, about, &COLUMNS, rows)
        .ratio_of(SPEED)
        .goal(&OURS, Goal::of_ratio(SPEED, Bound::AtLeast(1.0)))
        .goal(&OURS, Goal::of(PEAK, Bound::AtMost(20.0))))
}

fn download(context: &Context<'_>, file: &Path, to: &Path) -> Outcome<Section> {
    let server = context.server(&json!({}))?;
    let first = context.tools.role("bare reqwest", "bare", false);
    let stored = first.call(&server, "upload", json!({ "file": file }))?;
    let url = stored["url"].as_str().unwrap_or_default();
    let options = json!({ "url": url, "to": to });
    let mut measurements = ours(context, "download", &options);
    for measurement in measurements
        .iter_mut()
        .filter(|measurement| measurement.caller.secure)
    {
        measurement.options["url"] = json!(url.replacen("http://", "https://", 1));
    }
    let rows = interleave(
        &server,
        &measurements,
        context.full_or_quick(3, 1),
        |_, _| (),
    )?;
    let about = "From the CDN to a new file on disk. The official clients and the crate fal have no download.";
    let title = format!("Download of {SIZE_MIB} MiB");
    Ok(Section::new(&title, about, &COLUMNS, rows)
        .ratio_of(SPEED)
        .goal(&OURS, Goal::of_ratio(SPEED, Bound::AtLeast(0.9))))
}

fn ours<'t>(context: &Context<'_>, task: &'t str, options: &Value) -> Vec<Measurement<'t>> {
    let measurement = |(caller, against)| Measurement {
        caller,
        task,
        options: options.clone(),
        against,
        ours: true,
    };
    context.tools.own().map(measurement).into()
}

/// Adds one more round to every row.
fn merge(rows: &mut Vec<Row>, round: Vec<Row>) {
    if rows.is_empty() {
        *rows = round;
        return;
    }
    for (row, more) in rows.iter_mut().zip(round) {
        row.rounds.extend(more.rounds);
        row.failure = row.failure.take().or(more.failure);
    }
}

/// A bare PUT to a signed URL.
fn put(server: &Server<'_>, file: &Path, row: &mut Row) -> Outcome<()> {
    let kind = json!({ "content_type": "video/mp4", "file_name": "a.mp4" });
    let begun = server.post(
        "/rest/storage/upload/initiate?storage_type=fal-cdn-v3",
        &kind,
    )?;
    let url = begun["upload_url"].as_str().unwrap_or_default();
    let url = match row.caller.contains("TLS") {
        true => url.replacen("http://", "https://", 1),
        false => url.to_owned(),
    };
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--fail"])
        .args(["--noproxy", "*"])
        .args(["--output", if cfg!(windows) { "NUL" } else { "/dev/null" }])
        .args(["--header", "content-type: video/mp4"])
        .args(["--write-out", "%{time_total}"])
        .arg("--cacert")
        .arg(server.ca_file())
        .arg("--upload-file")
        .arg(file)
        .arg(url)
        .output();
    let seconds = output.ok().filter(|output| output.status.success());
    let seconds =
        seconds.and_then(|output| String::from_utf8(output.stdout).ok()?.parse::<f64>().ok());
    match seconds {
        Some(seconds) => {
            let speed = SIZE_MIB as f64 / seconds;
            row.rounds.push(Figures::from_iter([
                (SECONDS.key.to_owned(), seconds.into()),
                (SPEED.key.to_owned(), speed.into()),
            ]));
        }
        None => row.failure = Some("curl could not upload".to_owned()),
    }
    Ok(())
}
