//! The command under test: the same as `mantianxing`.

fn main() -> std::process::ExitCode {
    cli::main()
}
