//! The maintainer's commands with TLS, which `cargo xtask` starts if a command needs https.

fn main() -> std::process::ExitCode {
    xtask::main(std::env::args_os())
}
