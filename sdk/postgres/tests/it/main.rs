//! Tests against a real PostgreSQL, started for them, and `fal-mock`. Where no PostgreSQL is
//! installed they say so in one line, and pass.

mod batches;
mod deliveries;
mod documentation;
mod example;
mod faults;
mod journals;
mod kills;
mod mistakes;
mod process;
mod scale;
mod tls;
mod world;
