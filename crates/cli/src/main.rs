//! The `tenure` command. All of it is in the library, so that tests can call what a person can type.

fn main() -> std::process::ExitCode {
    tenure_cli::main()
}
