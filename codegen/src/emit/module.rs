//! Writes the text of each file.

use std::collections::BTreeMap;

use super::block::Block;
use super::call_example::call_example;
use super::doc::code;
use super::exports::{common_exports, endpoint_exports};
use super::file_header::FileHeaders;
use super::index::EndpointEntry;
use super::items::{input_block, output_alias, output_name, reading_order, type_blocks};
use super::schemas::Schemas;
use super::scope::Scope;
use super::style::{Runtime, Style};
use super::tree::Node;
use crate::ir::{Endpoint, TypeId, TypeStore};
use crate::name::{Modules, SHARED};
use crate::parallel;
use crate::plan::Plan;
use crate::render;
use crate::share::{Named, Shared, SharedType};

/// The result of the emitter.
pub struct Emitted {
    /// The files.
    pub plan: Plan,
    /// The index entry of each endpoint.
    pub entries: Vec<EndpointEntry>,
    /// Items that are not valid Rust, each as its origin and the error: bugs of the emitter.
    pub failures: Vec<(String, String)>,
}

/// Writes the files of all endpoints.
pub fn emit(endpoints: &[Named<'_>], shared: &Shared, modules: &Modules, style: &Style) -> Emitted {
    let files = || Files {
        runtime: style.runtime.root(),
        library: &style.runtime,
        modules,
        headers: FileHeaders { gated: style.gated },
        schemars: style.schemars,
        endpoints,
        shared,
        bodies: Vec::new(),
        plan: Plan::default(),
        failures: Vec::new(),
    };
    let indices: Vec<usize> = (0..endpoints.len()).collect();
    let bodies = parallel::map(&indices, |index| {
        let endpoint = endpoints[*index].endpoint;
        let path = modules.path(endpoint.id.as_str()).join("/");
        let mut files = files();
        let parts = files.endpoint(&format!("endpoints/{path}"), *index, endpoint);
        (parts, files.plan, files.failures)
    });
    let mut files = files();
    for (parts, plan, failures) in bodies {
        files.bodies.push(parts);
        files.plan.extend(plan);
        files.failures.extend(failures);
    }
    files.node("endpoints", &Node::root(endpoints, shared, modules));
    let entries = endpoints.iter().map(|named| entry(named, modules));
    Emitted {
        entries: entries.collect(),
        plan: files.plan,
        failures: files.failures,
    }
}

fn entry(named: &Named<'_>, modules: &Modules) -> EndpointEntry {
    let endpoint = named.endpoint;
    let (feature, older) = match named.features.split_last() {
        Some((feature, older)) => (feature.clone(), older.to_vec()),
        None => Default::default(),
    };
    EndpointEntry {
        id: endpoint.id.to_string(),
        document: endpoint.document.clone(),
        feature,
        older_features: older,
        module: modules.path(endpoint.id.as_str()).join("::"),
        input: Some(named.names.get(endpoint.input).to_owned()),
        output: Some(output_name(endpoint)),
        category: endpoint.category.clone(),
    }
}

struct Files<'a> {
    runtime: String,
    library: &'a Runtime,
    modules: &'a Modules,
    headers: FileHeaders,
    schemars: bool,
    endpoints: &'a [Named<'a>],
    shared: &'a Shared,
    /// The text of each endpoint's file after the lines that declare its child modules.
    bodies: Vec<Vec<String>>,
    plan: Plan,
    failures: Vec<(String, String)>,
}

impl Files<'_> {
    fn node(&mut self, path: &str, node: &Node<'_>) {
        let mut parts: Vec<String> = vec![self.headers.module(node)];
        parts.extend(node.child_modules(self.headers.gated));
        if let Some((index, _)) = node.endpoint {
            parts.append(&mut self.bodies[index]);
        }
        self.plan.insert(format!("{path}.rs"), parts.join("\n"));
        if node.has_shared {
            let path = format!("{path}/{SHARED}");
            let text = match node.id.as_str() {
                "" => self.common_types(&path),
                family => self.family_types(&path, family),
            };
            self.plan.insert(format!("{path}.rs"), text);
        }
        for (name, child) in &node.children {
            self.node(&format!("{path}/{name}"), child);
        }
    }

    fn endpoint(&mut self, path: &str, index: usize, endpoint: &Endpoint) -> Vec<String> {
        let names = self.endpoints[index].names;
        let ids = endpoint.types.iter().map(|(id, _)| id);
        let named = ids.map(|id| (id, names.get(id).to_owned())).collect();
        let mut scope = Scope::new(&endpoint.types, named);
        let module = self.modules.path(endpoint.id.as_str()).join("::");
        scope.call_example = call_example(endpoint, names, &module, self.library);
        let mut blocks = Vec::new();
        let mut own = Vec::new();
        for id in reading_order(endpoint) {
            if self.shared.home(index, id).is_none() {
                let origin = code(endpoint.id.as_str());
                blocks.extend(type_blocks(&scope, id, &origin, Some(endpoint)));
                own.push(id);
            }
            if id == endpoint.input {
                blocks.extend(input_block(&scope, endpoint));
            }
        }
        blocks.extend(output_alias(&scope, endpoint));
        blocks.extend(self.schemas(path, &scope, &own));
        let body = self.print(&endpoint.document, blocks);
        let imports = scope.imports.borrow().text(&self.runtime);
        let exports = endpoint_exports(index, endpoint, names, self.shared);
        let parts = [imports, exports, body].into_iter();
        parts.filter(|part| !part.is_empty()).collect()
    }

    fn common_types(&mut self, path: &str) -> String {
        let head = self.headers.common();
        self.types((path, "*"), &head, &self.shared.common, 0)
    }

    fn family_types(&mut self, path: &str, family: &str) -> String {
        let head = self.headers.family(family);
        let types = self
            .shared
            .families
            .get(family)
            .map_or(&[][..], Vec::as_slice);
        self.types((path, family), &head, types, self.shared.common.len())
    }

    /// A module of shared types. The first `known` types of the list are in another module.
    fn types(
        &mut self,
        (path, origin): (&str, &str),
        head: &str,
        types: &[SharedType],
        known: usize,
    ) -> String {
        let mut store = TypeStore::default();
        let mut names = BTreeMap::new();
        for shared in types {
            let id = store.add(shared.def.clone());
            names.insert(id, shared.name.clone());
        }
        let mut scope = Scope::new(&store, names);
        let fields = types.iter().map(SharedType::fields_of);
        scope.fields = (0..).map(TypeId).zip(fields).collect();
        let mut blocks = Vec::new();
        for (place, shared) in types.iter().enumerate().skip(known) {
            let outputs = match shared.outputs_of.as_slice() {
                [only] => code(only),
                _ if origin == "*" => "several endpoints".to_owned(),
                _ => format!("several endpoints of {}", code(origin)),
            };
            blocks.extend(type_blocks(&scope, TypeId(place), &outputs, None));
        }
        let own: Vec<TypeId> = (known..types.len()).map(TypeId).collect();
        blocks.extend(self.schemas(path, &scope, &own));
        let body = self.print(origin, blocks);
        let imports = scope.imports.borrow().text(&self.runtime);
        let exports = common_exports(origin, types, known);
        let parts = [head.to_owned(), imports, exports, body].into_iter();
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        parts.join("\n")
    }

    /// The macro line that gives a module's types their JSON Schemas. The file that it includes is added to the plan.
    fn schemas(&mut self, path: &str, scope: &Scope<'_>, own: &[TypeId]) -> Option<Block> {
        if !self.schemars || own.is_empty() {
            return None;
        }
        let schemas = Schemas { scope, own };
        let file = format!("{path}.schema.json");
        let line = schemas.line(&self.runtime, file.rsplit('/').next().unwrap_or(&file));
        self.plan.insert(file, schemas.text());
        Some(Block::Text(line))
    }

    fn print(&mut self, origin: &str, blocks: Vec<Block>) -> String {
        let mut texts = Vec::with_capacity(blocks.len());
        for block in blocks {
            match block {
                Block::Text(text) => texts.push(text),
                Block::Items(tokens) => match render::items(tokens) {
                    Ok(text) => texts.push(text),
                    Err(error) => self.failures.push((origin.to_owned(), error.to_string())),
                },
            }
        }
        texts.join("\n")
    }
}
