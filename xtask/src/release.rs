//! `cargo xtask release`: prepares a release as `CONTRIBUTING.md` says, in the checkout or, to try it, in a copy of it.
//!
//! Uploading cannot be undone, and is not part of this command.

mod copy;
mod package;
pub mod texts;

use crate::{
    changelog,
    generate::{Target, apply, plan},
    version::{Manifest, lock_with_version},
    workspace::repository,
};
use cargo_fal::{
    Error, Outcome, files,
    output::{counted, print},
    schemas::Layout,
};
use fal_codegen::Summary;
use package::Packed;
use semver::Version;
use std::{
    fmt, fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// The most features of a crate that the registry accepts.
const MOST_FEATURES: usize = 300;
/// The largest package that the registry accepts, in bytes.
const MOST_BYTES: u64 = 10 << 20;

/// Prepare a release: generated code, changelog, versions, documentation, packages.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Nothing is uploaded: CONTRIBUTING.md has the commands for that.
Exit codes: 0 the release is ready, 1 the registry would refuse it, 2 bad usage or bad input.

Examples:
  cargo xtask release --dry-run                 try it in a copy of the checkout, and change nothing
  cargo xtask release --dry-run --schemas DIR   include other documents, such as the whole catalog
  cargo xtask release 0.2.0                     prepare the release in the checkout")]
pub struct Args {
    /// The version to release [default: the one in Cargo.toml]
    version: Option<Version>,
    /// Work in a copy of the checkout, and remove it at the end
    #[arg(long)]
    dry_run: bool,
    /// Also include the documents of this folder; only with --dry-run, because `sync` adds documents to the checkout
    #[arg(long, value_name = "DIR", requires = "dry_run")]
    schemas: Option<PathBuf>,
    /// Also build each package from what would be uploaded, which takes minutes
    #[arg(long)]
    build: bool,
}

/// The report of a release.
#[derive(Debug)]
struct Report {
    version: Version,
    date: String,
    summary: Summary,
    features: usize,
    generated: usize,
    texts: usize,
    packed: Vec<Packed>,
    was_tried: bool,
}

/// Prepares the release, and prints its report.
///
/// # Errors
///
/// If the version was released before, nothing is unreleased, or a step fails.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let root = repository();
    let target = files::temporary_folder()?;
    let report = match args.dry_run {
        true => {
            let copy = copy::of_checkout(&root)?;
            if let Some(schemas) = &args.schemas {
                copy::add_folder(schemas, &copy.path().join("schemas/openapi"))?;
            }
            prepare(copy.path(), target.path(), args)?
        }
        false => prepare(&root, target.path(), args)?,
    };
    print(&report.to_string())?;
    Ok(Outcome::of(report.problems().is_empty()))
}

/// Prepares the release in the checkout at `root`. The changelog is written first, so that after a failure, a second run reports
/// that the version is already released.
fn prepare(root: &Path, target: &Path, args: &Args) -> Result<Report, Error> {
    let date = today();
    let version = set_version(root, args.version.as_ref(), &date)?;
    let layout = Layout::of(root.join("schemas/openapi")).with_prefix("schemas/openapi/");
    let sdk = Target::sdk(root);
    let (outcome, plan) = plan(&layout, &sdk)?;
    if outcome.summary.generated == 0 {
        let folder = layout.documents.display();
        return Err(Error::new(format!("no document in {folder} can be used"))
            .help("give a folder with documents"));
    }
    let generated = plan.len();
    apply(&plan, &sdk, false)?;
    let texts = texts::switch(root, &format!("{}.{}", version.major, version.minor))?;
    let packed = package::pack(root, target, &version.to_string(), args.build)?;
    Ok(Report {
        version,
        date,
        features: outcome.features.len(),
        summary: outcome.summary,
        generated,
        texts,
        packed,
        was_tried: args.dry_run,
    })
}

/// Writes the date into the changelog and the version into the manifests. Returns the version.
fn set_version(root: &Path, version: Option<&Version>, date: &str) -> Result<Version, Error> {
    let [manifest_path, lock_path, changelog_path] =
        ["Cargo.toml", "Cargo.lock", "CHANGELOG.md"].map(|path| root.join(path));
    let manifest = Manifest::parse(&read(&manifest_path)?, &manifest_path)?;
    let old = manifest.version.clone();
    let version = version.unwrap_or(&old).clone();
    let changelog = read(&changelog_path)?;
    if let Some(released) = changelog::released(&changelog).filter(|known| *known >= version) {
        return Err(Error::new(format!(
            "{} says that {released} is released, so {version} cannot be the next version",
            changelog_path.display()
        ))
        .help("give a later version"));
    }
    let Some(changelog) = changelog::dated(&changelog, &version, date) else {
        return Err(Error::new(format!(
            "{} has nothing below `## [Unreleased]`",
            changelog_path.display()
        ))
        .help("add the changes to that section"));
    };
    let lock = lock_with_version(&read(&lock_path)?, &old, &version, &lock_path)?;
    files::write_unsynced(&changelog_path, changelog.as_bytes())?;
    files::write_unsynced(&manifest_path, manifest.with_version(&version).as_bytes())?;
    files::write_unsynced(&lock_path, lock.as_bytes())?;
    Ok(version)
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|error| Error::file("read", path, &error))
}

/// Today's date (UTC), such as `2026-02-03`.
fn today() -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    // `Tue, 03 Feb 2026 08:49:37 GMT`
    let text = httpdate::fmt_http_date(SystemTime::now());
    let mut words = text.split_whitespace().skip(1);
    let [day, name, year] = std::array::from_fn(|_| words.next().unwrap_or_default());
    let month = MONTHS.iter().position(|month| *month == name);
    format!("{year}-{:02}-{day}", month.map_or(0, |index| index + 1))
}

impl Report {
    /// The reasons why the registry would refuse the release.
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.features > MOST_FEATURES {
            problems.push(format!(
                "the registry accepts at most {MOST_FEATURES} features"
            ));
        }
        for packed in self.packed.iter().filter(|it| it.bytes > MOST_BYTES) {
            problems.push(format!(
                "{} is larger than {} MiB, the most that the registry accepts",
                packed.name,
                MOST_BYTES >> 20
            ));
        }
        problems
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "release {} ({})", self.version, self.date)?;
        writeln!(
            f,
            "  types         {} of {}, {}, {}",
            counted(self.summary.generated, "endpoint"),
            counted(self.summary.documents, "document"),
            counted(self.features, "feature"),
            counted(self.generated, "file"),
        )?;
        writeln!(
            f,
            "  documentation {} changed to name the registry",
            counted(self.texts, "file")
        )?;
        for packed in &self.packed {
            let mib = packed.bytes as f64 / f64::from(1 << 20);
            writeln!(f, "  {:<18} {mib:.2} MiB packed", packed.name)?;
        }
        for problem in self.problems() {
            writeln!(f, "problem: {problem}")?;
        }
        let packages = self
            .packed
            .iter()
            .map(|it| format!(" --package {}", it.name));
        let packages: String = packages.collect();
        match self.was_tried {
            true => writeln!(f, "this was a dry run in a copy; nothing has changed"),
            false => writeln!(
                f,
                "next: read `git diff`, run .ci/run, commit, and\n  cargo publish{packages}\n  git tag v{}",
                self.version
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, Packed, Report, today};
    use fal_codegen::Summary;

    #[test]
    fn the_date_is_written_as_in_the_changelog() {
        let date = today();
        let parts: Vec<u32> = date.split('-').map(|part| part.parse().unwrap()).collect();
        assert!(date.len() == 10 && parts[0] >= 2026, "{date}");
        assert!(
            (1..=12).contains(&parts[1]) && (1..=31).contains(&parts[2]),
            "{date}"
        );
    }

    #[test]
    fn what_the_registry_would_refuse_is_said() {
        let report = |features, bytes| Report {
            version: "0.1.0".parse().unwrap(),
            date: today(),
            summary: Summary::default(),
            features,
            generated: 1,
            texts: 8,
            packed: vec![Packed {
                name: "fal-sdk".to_owned(),
                bytes,
            }],
            was_tried: true,
        };
        assert!(report(300, MOST_BYTES).problems().is_empty());
        let text = report(301, MOST_BYTES + 1).to_string();
        assert!(
            text.contains("problem: the registry accepts at most 300 features"),
            "{text}"
        );
        assert!(
            text.contains("problem: fal-sdk is larger than 10 MiB"),
            "{text}"
        );
        assert!(text.ends_with("nothing has changed\n"), "{text}");
    }
}
