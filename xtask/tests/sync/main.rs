//! `sync` against `fal-mock`: everything, or nothing, whenever it is killed.

mod kills;
mod normal;
mod tree;
