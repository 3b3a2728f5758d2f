//! `tenure import`: a verdict for every row, and what to do about the rejected ones.

mod progress;
mod told;

pub(super) use told::in_a_line;

use crate::args::ImportArgs;
use crate::exit::{Exit, Outcome};
use crate::printer::Printer;
use crate::session::Context;
use crate::workspace::Workspace;
use tempfile::TempDir;
use tenure_ingest::{ImportReport, Options};
use tenure_lake::{Lake, LakeError};

/// Imports sources and tells what became of their rows.
pub(crate) async fn run(context: &Context, args: &ImportArgs, printer: &mut Printer) -> Outcome {
    let report = import(context, &args.sources, args.dry_run, args.keep_good, printer).await?;
    told::tell(context, &report, printer)?;
    let clean = report.rejected == 0 && report.problems.is_empty();
    Ok(if clean { Exit::Done } else { Exit::Rejected })
}

/// Imports sources, showing how far it is.
pub(super) async fn import(
    context: &Context,
    sources: &[String],
    dry_run: bool,
    keep_good: bool,
    printer: &Printer,
) -> Outcome<ImportReport> {
    let workspace = context.workspace()?;
    workspace.has_sources(sources)?;
    let read = workspace.sources(sources, context.environment.variable);
    // Its files are gone when the import is.
    let (lake, _aside) = open_or_create(&workspace, context, dry_run).await?;
    tenure_lake::keep_temporary_files_in(lake.workspace());
    let bar = printer.watched.then(progress::Bar::new);
    let options = Options {
        dry_run,
        keep_good,
        progress: bar.as_ref().map(progress::Bar::listener),
        ..Options::at(context.environment.now)
    };
    let report = tenure_ingest::import(&lake, &workspace.for_ingest(), read, &options).await;
    if let Some(bar) = bar {
        bar.finish();
    }
    lake.close().await;
    Ok(report?)
}

/// A workspace from version control has no lake yet; a dry run makes an empty one elsewhere, and leaves nothing.
async fn open_or_create(workspace: &Workspace, context: &Context, dry_run: bool) -> Outcome<(Lake, Option<TempDir>)> {
    let now = context.environment.now;
    match Lake::open(&workspace.root).await {
        Err(LakeError::Absent(_)) if dry_run => {
            let aside = tempfile::tempdir()?;
            Ok((Lake::create(aside.path(), now).await?, Some(aside)))
        }
        Err(LakeError::Absent(_)) => Ok((Lake::create(&workspace.root, now).await?, None)),
        opened => Ok((opened?, None)),
    }
}
