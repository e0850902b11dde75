//! `fetch` against servers that do what real ones do, and worse.

mod catalog;
mod faults;
mod hostile;
mod mock;
mod normal;
mod resume;
mod scripted;

use cargo_fal::{
    fetch::{Backoff, Options, Report, Selection, run},
    schemas::Layout,
};
use catalog::Catalog;
use fal_codegen::source::EndpointId;
use scripted::{Reply, Request, Scripted};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;

/// A folder for documents and a server to fetch them from.
struct Bench {
    folder: TempDir,
    server: Scripted,
}

impl Bench {
    /// A server that answers as `catalog` does.
    async fn new(catalog: Catalog) -> Self {
        Self::with(catalog, |_| None).await
    }

    /// The same, but where `first` has another answer.
    async fn with(
        catalog: Catalog,
        first: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let answer =
            move |request: &Request| first(request).unwrap_or_else(|| catalog.answer(request));
        Self {
            folder: tempfile::tempdir().unwrap(),
            server: Scripted::start(answer).await,
        }
    }

    /// Another server for the same folder.
    async fn serve(&mut self, catalog: Catalog) {
        self.server = Scripted::start(move |request| catalog.answer(request)).await;
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("openapi")
    }

    fn options(&self, selection: Selection) -> Options {
        let url = |path: &str| format!("{}{path}", self.server.url).parse().unwrap();
        let backoff = Backoff {
            attempts: 3,
            base: Duration::from_millis(1),
            cap: Duration::from_millis(20),
        };
        let options = Options::new(
            selection,
            url("/v1"),
            url("/openapi.json"),
            Layout::of(self.root()),
        );
        Options { backoff, ..options }
    }

    async fn fetch(&self, selection: Selection) -> Report {
        run(&self.options(selection)).await.unwrap()
    }

    async fn fetch_all(&self) -> Report {
        self.fetch(Selection::All).await
    }

    async fn prune_all(&self) -> Report {
        run(&Options {
            prune: true,
            ..self.options(Selection::All)
        })
        .await
        .unwrap()
    }

    fn lock(&self) -> String {
        fs::read_to_string(self.folder.path().join("catalog.lock.json")).unwrap()
    }

    /// Every file below the folder, by its path there.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(self.folder.path(), self.folder.path(), &mut files);
        files
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

fn ids(ids: &[&str]) -> Selection {
    Selection::of_ids(ids).unwrap()
}

fn names(ids: &[EndpointId]) -> Vec<&str> {
    ids.iter().map(EndpointId::as_str).collect()
}
