//! Which module of a crate imports which, and what must not be among it: an arrow up between layers, a circle.
//!
//! A module is a file with the folder of its name. Modules that stand beside each other are a graph, at each level of the
//! tree: a file deep in `http` that names one deep in `error` is an arrow from `http` to `error` where these two meet.
//!
//! * What a name leads to counts, not what it leads through: an item that a module only re-exports is an arrow to where it
//!   comes from, and an exported macro, which is named at the root, one to the file that it is written in.
//! * A parent may name its children. A child may name what its parent's own file defines: the file and the folder are one
//!   module, cut into parts for its length, and the parts know the whole. It is no arrow between the parts.
//! * The root is no such whole. Below it stand the layers, and none of them names anything that the root itself defines.

use std::collections::{BTreeMap, BTreeSet};

use crate::reader::{Named, Source};
use crate::{is_generated, repository};

/// The layers of `sdk/src`, from the highest to the lowest.
const LAYERS: [&str; 5] = ["entry_points", "calls", "services", "transport", "contract"];
/// What stands beside the layers: generated code and the guide.
const BESIDE: [&str; 2] = ["endpoints", "guide"];
/// The crates whose modules have no circles: a folder and the file that it begins with.
const WITHOUT_CIRCLES: [(&str, &str); 7] = [
    ("sdk/src", "lib.rs"),
    ("sdk/postgres/src", "lib.rs"),
    ("sdk/proxy/src", "lib.rs"),
    ("codegen/src", "lib.rs"),
    ("codegen/cli/src", "lib.rs"),
    ("xtask/src", "lib.rs"),
    ("tests/mock/src", "lib.rs"),
];

/// The path of a module from the root of its crate, which is the empty one.
type Module = Vec<String>;

struct Crate {
    modules: BTreeMap<Module, Source>,
    /// The exported macros, and the module that each is written in.
    macros: BTreeMap<String, Module>,
}

/// An arrow between two modules that stand beside each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Arrow {
    /// The module that both stand in.
    below: Module,
    from: String,
    to: String,
}

impl Crate {
    /// Reads the modules that a crate declares, from its root on; `text` is a file's by its path.
    fn read(root: &str, text: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut modules = BTreeMap::from([(Module::new(), Source::read(&text(root).expect(root)))]);
        let mut waiting = vec![Module::new()];
        while let Some(parent) = waiting.pop() {
            for name in modules[&parent].modules.clone() {
                let module = [&parent[..], &[name]].concat();
                let path = format!("{}.rs", module.join("/"));
                if let Some(text) = text(&path) {
                    modules.insert(module.clone(), Source::read(&text));
                    waiting.push(module);
                }
            }
        }
        let macros = modules.iter().flat_map(|(module, source)| {
            let names = source.exported_macros.iter();
            names.map(|name| (name.clone(), module.clone()))
        });
        let macros = macros.collect();
        Self { modules, macros }
    }

    fn of(folder: &str, root: &str) -> Self {
        Self::read(root, &|path| {
            let path = format!("{folder}/{path}");
            let text = std::fs::read_to_string(repository().join(&path)).ok();
            text.filter(|_| !is_generated(&path))
        })
    }

    /// The modules that a path leads to from a module: two where a name is that of a module and of a macro.
    fn targets(&self, from: &[String], named: &Named) -> BTreeSet<Module> {
        // A module that is written out in the file is a part of it.
        let here = [from, &named.inside].concat();
        let mut base = match named.path[0].as_str() {
            "crate" => Module::new(),
            "self" | "super" => here,
            _ => return BTreeSet::new(),
        };
        let mut path = &named.path[usize::from(named.path[0] == "crate")..];
        while let [word, rest @ ..] = path {
            match word.as_str() {
                "super" => drop(base.pop()),
                "self" => {}
                _ => break,
            }
            path = rest;
        }
        self.follow(&base, path, 8)
    }

    /// `depth` ends the search where re-exports go round.
    fn follow(&self, base: &[String], path: &[String], depth: usize) -> BTreeSet<Module> {
        let [name, rest @ ..] = path else {
            return BTreeSet::from([base.to_vec()]);
        };
        let child = [base, std::slice::from_ref(name)].concat();
        if self.modules.contains_key(&child) {
            return self.follow(&child, rest, depth);
        }
        let mut found = BTreeSet::new();
        if base.is_empty() && rest.is_empty() {
            found.extend(self.macros.get(name).cloned());
        }
        for import in self.imports_of(base, name).filter(|_| depth > 0) {
            let path = [&import.path[..], rest].concat();
            let named = Named {
                path,
                ..import.clone()
            };
            // In a `use`, a path may begin with a child's name.
            found.extend(match self.targets(base, &named) {
                none if none.is_empty() => self.follow_child(base, &named.path, depth - 1),
                some => some,
            });
        }
        if found.is_empty() {
            // An item of the module's own; of one that is written out in a file, of the file's.
            let file = (0..=base.len()).rev().map(|length| &base[..length]);
            found.extend(
                file.map(<[_]>::to_vec)
                    .find(|file| self.modules.contains_key(file)),
            );
        }
        found
    }

    fn follow_child(&self, base: &[String], path: &[String], depth: usize) -> BTreeSet<Module> {
        let child = [base, &path[..1]].concat();
        match self.modules.contains_key(&child) {
            true => self.follow(&child, &path[1..], depth),
            false => BTreeSet::new(),
        }
    }

    fn imports_of(&self, module: &[String], name: &str) -> impl Iterator<Item = &Named> {
        let source = self.modules.get(module).into_iter();
        source
            .flat_map(|source| &source.named)
            .filter(move |named| {
                named.inside.is_empty() && named.imported_as.as_deref() == Some(name)
            })
    }

    /// All arrows, and for each what draws it; and what names an item of the root itself.
    fn arrows(&self) -> (BTreeMap<Arrow, BTreeSet<String>>, Vec<String>) {
        let mut arrows = BTreeMap::<Arrow, BTreeSet<String>>::new();
        let mut to_the_root = Vec::new();
        for (module, source) in self.modules.iter().filter(|(module, _)| !module.is_empty()) {
            for named in &source.named {
                let words = format!("{}.rs: {}", module.join("/"), named.path.join("::"));
                for target in self.targets(module, named) {
                    if target.is_empty() {
                        to_the_root.push(words.clone());
                        continue;
                    }
                    let common = module
                        .iter()
                        .zip(&target)
                        .take_while(|(a, b)| a == b)
                        .count();
                    if let (Some(from), Some(to)) = (module.get(common), target.get(common)) {
                        let arrow = Arrow {
                            below: module[..common].to_vec(),
                            from: from.clone(),
                            to: to.clone(),
                        };
                        arrows.entry(arrow).or_default().insert(words.clone());
                    }
                }
            }
        }
        (arrows, to_the_root)
    }

    /// Circles of modules that stand beside each other, one for each place, with what draws them.
    fn circles(&self) -> Vec<String> {
        let (arrows, _) = self.arrows();
        let places: BTreeSet<&Module> = arrows.keys().map(|arrow| &arrow.below).collect();
        let circle = |place: &Module| {
            let mut left: Vec<&Arrow> = arrows
                .keys()
                .filter(|arrow| arrow.below == *place)
                .collect();
            // What leads nowhere, or is led to from nowhere, is in no circle.
            loop {
                let before = left.clone();
                left.retain(|arrow| {
                    before.iter().any(|next| next.from == arrow.to)
                        && before.iter().any(|last| last.to == arrow.from)
                });
                if left.len() == before.len() {
                    break;
                }
            }
            let words = left.iter().map(|arrow| {
                let Arrow { from, to, .. } = arrow;
                let examples: Vec<&String> = arrows[arrow].iter().take(3).collect();
                format!("  {from} → {to}: {examples:?}")
            });
            let words: Vec<String> = words.collect();
            let place = place.join("::");
            (!words.is_empty()).then(|| format!("in crate::{place}\n{}", words.join("\n")))
        };
        places.into_iter().filter_map(circle).collect()
    }
}

#[test]
fn modules_do_not_import_each_other_in_circles() {
    for (folder, root) in WITHOUT_CIRCLES {
        let read = Crate::of(folder, root);
        let files = crate::rust(folder).len();
        let modules = read.modules.len();
        assert!(
            modules > files / 2 && modules <= files,
            "{folder}: {modules} modules in {files} files"
        );
        let circles = read.circles();
        assert!(circles.is_empty(), "{folder}, {}", circles.join("\n"));
    }
}

#[test]
fn imports_between_layers_lead_downwards() {
    let sdk = Crate::of("sdk/src", "lib.rs");
    let (arrows, to_the_root) = sdk.arrows();
    assert!(
        to_the_root.is_empty(),
        "these name the root's own: {to_the_root:#?}"
    );
    for name in &sdk.modules[&Module::new()].modules {
        let known = LAYERS.contains(&name.as_str()) || BESIDE.contains(&name.as_str());
        assert!(known, "sdk/src/{name} is in no layer");
    }
    let layer = |name: &str| LAYERS.iter().position(|layer| *layer == name);
    let mut between = 0;
    for (arrow, words) in arrows.iter().filter(|(arrow, _)| arrow.below.is_empty()) {
        assert!(
            layer(&arrow.from) < layer(&arrow.to),
            "{} stands below {}, or beside the layers: {words:#?}",
            arrow.from,
            arrow.to
        );
        between += words.len();
    }
    assert!(between > 100, "{between} imports between layers were read");
}

fn sample(files: &'static [(&str, &str)]) -> Crate {
    Crate::read("lib.rs", &|path| {
        let file = files.iter().find(|(name, _)| *name == path);
        file.map(|(_, text)| (*text).to_owned())
    })
}

#[test]
fn circles_are_found_behind_tests_re_exports_and_macros() {
    let circle = sample(&[
        ("lib.rs", "mod a; mod b; pub use b::B;"),
        (
            "a.rs",
            "#[cfg(test)] use std::fmt; fn f() { crate::B::new() }",
        ),
        (
            "b.rs",
            "pub struct B; #[macro_export] macro_rules! m { () => { $crate::made!() } }",
        ),
    ]);
    assert_eq!(circle.circles(), [""; 0], "a → b alone");

    let circle = sample(&[
        ("lib.rs", "mod a; mod b; pub use b::B;"),
        (
            "a.rs",
            "#[cfg(test)] mod t {} use crate::B; #[macro_export] macro_rules! made { () => {} }",
        ),
        ("b.rs", "pub struct B; mod deep;"),
        ("b/deep.rs", "macro_rules! m { () => { $crate::made!() } }"),
    ]);
    let found = circle.circles();
    assert_eq!(found.len(), 1, "{found:?}");
    for words in ["a → b", "b → a", "b/deep.rs: crate::made"] {
        assert!(found[0].contains(words), "{words}: {found:?}");
    }

    let below = sample(&[
        ("lib.rs", "mod a;"),
        ("a.rs", "mod b; mod c; mod d; use c::C; struct A;"),
        ("a/b.rs", "use super::{A, C};"),
        ("a/c.rs", "use super::d::D; pub struct C;"),
        ("a/d.rs", "mod inner { use super::super::b::B; }"),
    ]);
    let found = below.circles();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("in crate::a\n  b → c"), "{found:?}");
}

#[test]
fn what_the_root_defines_is_noticed() {
    let sample = sample(&[
        (
            "lib.rs",
            "mod a; mod b; pub use b::B; pub struct Own; pub mod written { pub use crate::b::B; }",
        ),
        ("a.rs", "use crate::{B, Own}; use crate::written::B as C;"),
        ("b.rs", "pub struct B;"),
    ]);
    assert_eq!(
        sample.arrows().1,
        ["a.rs: crate::Own", "a.rs: crate::written::B"]
    );
}
