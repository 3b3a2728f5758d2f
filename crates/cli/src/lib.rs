//! The `tenure` command: a thin face over the engine's one call.
//!
//! What can be typed stands in `args`; what it means is resolved by the commands, each a function of plain arguments and a
//! printer. Only this crate reads the wall clock and the environment, and only its `environment` does.

mod args;
mod board;
mod commands;
mod environment;
mod exit;
mod html;
mod output;
mod people;
mod printer;
mod resolve;
#[cfg(test)]
mod sample;
mod session;
mod table;
mod workspace;
mod xlsx;

use args::{Cli, Command};
use clap::Parser;
use environment::Environment;
use exit::{Exit, Failure, Outcome};
use printer::Printer;
use session::Context;
use std::process::ExitCode;

/// Does what the command line says.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help that nobody reads to its end is no failure.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    let environment = match Environment::read() {
        Ok(environment) => environment,
        Err(error) => {
            eprintln!("error: the current folder cannot be read: {error}");
            return Exit::Failed.into();
        }
    };
    let mut printer = Printer::new(&environment, cli.global.color);
    let context = Context { global: cli.global.standing(cli.command.standing()), environment };
    match run(&context, cli.command, &mut printer) {
        Ok(exit) => exit.into(),
        Err(failure) if failure.unheard => Exit::Done.into(),
        Err(failure) => {
            // Where standard error is gone too, the exit code is all there is left to say it with.
            let _ = printer.fail(&failure);
            failure.exit.into()
        }
    }
}

fn run(context: &Context, command: Command, printer: &mut Printer) -> Outcome {
    if context.global.workspace.is_some() && !command.has_workspace() {
        return Err(Failure::usage("-w names the workspace to work in, and this command works in none")
            .hint("leave it out; `tenure init` and `tenure demo` take the folder as DIR"));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::from)?;
    runtime.block_on(async {
        let outcome = match command {
            Command::Init(args) => commands::init::run(context, &args, printer).await,
            Command::Demo(args) => commands::demo::run(context, &args, printer).await,
            Command::Import(args) => commands::import::run(context, &args, printer).await,
            Command::Rejects(args) => commands::rejects::run(context, &args, printer).await,
            Command::Report(args) => commands::report::run(context, &args, printer).await,
            Command::Metric(args) => commands::metric::run(context, &args, printer).await,
            Command::Rows(args) => commands::rows::run(context, &args, printer).await,
            Command::Explain(args) => commands::explain::run(context, &args, printer).await,
            Command::Check(args) => commands::check::run(context, &args, printer).await,
            Command::Reconcile(args) => commands::reconcile::run(context, &args, printer).await,
            Command::Health(args) => commands::health::run(context, &args, printer).await,
            Command::Survival(args) => commands::survival::run(context, &args, printer).await,
            Command::Forecast(args) => commands::forecast::run(context, &args, printer).await,
            Command::Account(args) => commands::account::run(context, &args, printer).await,
            Command::Clv(args) => commands::clv::run(context, &args, printer).await,
            Command::Sql(args) => commands::sql::run(context, &args, printer).await,
            Command::Compact => commands::compact::run(context, printer).await,
            Command::Completions(args) => commands::completions::run(&args, printer),
        };
        match outcome {
            Err(failure) if failure.suspect => Err(session::damage(context).await.unwrap_or(failure)),
            outcome => outcome,
        }
    })
}
