//! Generates the types of the documents in `schemas`.

fn main() {
    fal_codegen::build("schemas");
}
