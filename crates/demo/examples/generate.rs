//! The demo company at any size: `generate DIR [USAGE_EVENTS [ACCOUNTS [SEED]]]` writes settings, mappings, exports and truth into a folder.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use tenure_demo::{Options, generate};

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let dir =
        PathBuf::from(args.next().ok_or("no folder given; usage: generate DIR [USAGE_EVENTS [ACCOUNTS [SEED]]]")?);
    let mut options = Options::default();
    if let Some(events) = args.next() {
        options.usage_events = Some(number("USAGE_EVENTS", &events)?);
    }
    if let Some(accounts) = args.next() {
        options.accounts = number("ACCOUNTS", &accounts)?;
    }
    if let Some(seed) = args.next() {
        options.seed = number("SEED", &seed)?;
    }
    let summary = generate(&dir, &options)?;
    let (read, rejected) = summary.read_and_rejected();
    println!("{} exports, {read} rows, {rejected} of them to be rejected", summary.files.len());
    Ok(())
}

fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{name} = {text:?} is not a whole number; give one, such as 10000000"))
}
