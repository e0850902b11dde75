//! The program `cargo-fal`, which cargo runs as `cargo fal`.

fn main() -> std::process::ExitCode {
    cargo_fal::main(std::env::args_os())
}
