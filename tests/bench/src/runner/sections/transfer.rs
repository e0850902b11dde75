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
    for measurement in measurements
        .iter_mut()
        .filter(|_| context.tools.curl.is_some())
    {
        measurement.against = Some(if measurement.caller.secure {
            "curl, TLS"
        } else {
            "curl"
        });
    }
    let official = context
        .tools
        .official()
        .into_iter()
        .map(|caller| Measurement {
            caller,
            task: "upload",
            options: options.clone(),
            against: Some("curl, TLS"),
            ours: false,
        });
    measurements.extend(official);
    let mut curl = vec![curl_row(context, false), curl_row(context, true)];
    let mut rows = Vec::new();
    for _ in 0..context.full_or_quick(3, 1) {
        for row in curl.iter_mut().flatten() {
            put(&server, file, row)?;
        }
        merge(&mut rows, interleave(&server, &measurements, 1, |_, _| ())?);
    }
    rows.splice(0..0, curl.into_iter().flatten());
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
    let row = |name: &str, role: &str, secure: bool, against| Measurement {
        caller: context.tools.role(name, role, secure),
        task,
        options: options.clone(),
        against,
        ours: true,
    };
    vec![
        row("bare reqwest", "bare", false, None),
        row("fal-sdk", "sdk", false, Some("bare reqwest")),
        row("bare reqwest, TLS", "bare", true, None),
        row("fal-sdk, TLS", "sdk", true, Some("bare reqwest, TLS")),
    ]
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

fn curl_row(context: &Context<'_>, secure: bool) -> Option<Row> {
    context.tools.curl.as_ref()?;
    let name = if secure { "curl, TLS" } else { "curl" };
    Some(Row::new(name, None))
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
        .args([
            "--silent",
            "--show-error",
            "--fail",
            "--noproxy",
            "*",
            "--output",
        ])
        .arg(if cfg!(windows) { "NUL" } else { "/dev/null" })
        .args([
            "--header",
            "content-type: video/mp4",
            "--write-out",
            "%{time_total}",
            "--cacert",
        ])
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
            let mut figures = Figures::new();
            figures.insert("seconds".to_owned(), seconds.into());
            figures.insert(
                "mib_per_second".to_owned(),
                (SIZE_MIB as f64 / seconds).into(),
            );
            row.rounds.push(figures);
        }
        None => row.failure = Some("curl could not upload".to_owned()),
    }
    Ok(())
}
