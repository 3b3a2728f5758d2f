//! `tenure completions`: what a shell needs to complete a command line.

use crate::args::{Cli, CompletionsArgs};
use crate::exit::{Exit, Outcome};
use crate::printer::Printer;
use clap::CommandFactory;

/// Prints completions for a shell.
pub(crate) fn run(args: &CompletionsArgs, printer: &mut Printer) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "tenure", &mut text);
    printer.print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_and_nothing_else() {
        let mut printer = Printer::memory(80);
        let args = CompletionsArgs { shell: clap_complete::Shell::Bash };
        assert_eq!(run(&args, &mut printer).unwrap(), Exit::Done);
        let (out, err) = printer.written();
        assert!(out.contains("_tenure()") && out.contains("rejects"));
        assert_eq!(err, "");
    }
}
