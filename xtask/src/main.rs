//! The program of the maintainer's commands.

fn main() -> std::process::ExitCode {
    xtask::main(std::env::args_os())
}
