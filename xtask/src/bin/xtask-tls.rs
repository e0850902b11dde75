//! The maintainer's commands with TLS: what `cargo xtask` starts where https is needed.

fn main() -> std::process::ExitCode {
    xtask::main(std::env::args_os())
}
