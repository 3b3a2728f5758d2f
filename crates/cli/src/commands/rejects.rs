//! `tenure rejects`: list what was rejected, hand it out to be mended, take it back.

use crate::args::RejectsArgs;
use crate::exit::{Exit, Failure, Outcome};
use crate::people::{self, count};
use crate::printer::Printer;
use crate::session::{Context, version};
use crate::table::{Column, Table, Tone, wrap};
use crate::workspace::Workspace;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use tenure_ingest::{ReplayReport, StoredReject};
use tenure_lake::Lake;

/// Lists, exports or replays rejected rows.
pub(crate) async fn run(context: &Context, args: &RejectsArgs, printer: &mut Printer) -> Outcome {
    let workspace = context.workspace()?;
    let lake = Lake::open(&workspace.root).await?;
    if let Some(source) = &args.source {
        has_source(context, &workspace, &lake, args, source).await?;
    }
    match (&args.replay, &args.export) {
        (Some(file), _) => replay(context, &workspace, &lake, file, printer).await,
        (None, Some(file)) => export(context, &workspace, &lake, args, file, printer).await,
        (None, None) => list(context, &workspace, &lake, args, printer).await,
    }
}

/// A source that is no longer there may have left rejected rows behind.
async fn has_source(
    context: &Context,
    workspace: &Workspace,
    lake: &Lake,
    args: &RejectsArgs,
    source: &String,
) -> Outcome<()> {
    let known = workspace.has_sources(std::slice::from_ref(source));
    if known.is_ok() {
        return known;
    }
    let mut any = false;
    each(context, workspace, lake, args, |_| {
        any = true;
        Ok(())
    })
    .await?;
    if any { Ok(()) } else { known }
}

async fn list(
    context: &Context,
    workspace: &Workspace,
    lake: &Lake,
    args: &RejectsArgs,
    printer: &mut Printer,
) -> Outcome {
    let (mut first, mut total) = (Vec::new(), 0_usize);
    each(context, workspace, lake, args, |reject| {
        total += 1;
        if first.len() < args.limit {
            first.push(reject);
        }
        Ok(())
    })
    .await?;
    if total == 0 {
        printer.line("no row stands rejected")?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(vec![
        Column::words("Source"),
        Column::words("Table").rank(2),
        Column::words("Record").wraps_to(16),
        Column::words("Column").rank(1),
        Column::words("Value").wraps_to(8).rank(3),
        Column::words("Reason").wraps_to(20),
        Column::words("What to do").wraps_to(18).rank(4),
    ])
    .in_full("--export");
    for StoredReject { reject, .. } in &first {
        table.row(vec![
            reject.source.as_str().into(),
            reject.table.as_str().into(),
            people::record_of(&reject.file, reject.row).into(),
            reject.column.clone().unwrap_or_default().into(),
            reject.value.clone().unwrap_or_default().into(),
            reject.reason.as_str().into(),
            reject.remedy.as_str().into(),
        ]);
    }
    printer.table(&table)?;
    printer.line("")?;
    let shown = if first.len() < total { format!(", the first {} shown", count(first.len())) } else { String::new() };
    let rows = if total == 1 { "row stands" } else { "rows stand" };
    printer.toned(Tone::Faint, &format!("{} {rows} rejected{shown}; {}", count(total), people::RECORDS_COUNT_FROM))?;
    let how = "to mend them: tenure rejects --export mend.jsonl, edit what stands under \"record\", tenure rejects --replay mend.jsonl";
    for line in wrap(how, printer.width) {
        printer.line(&line)?;
    }
    Ok(Exit::Done)
}

async fn export(
    context: &Context,
    workspace: &Workspace,
    lake: &Lake,
    args: &RejectsArgs,
    file: &Path,
    printer: &mut Printer,
) -> Outcome {
    let cannot = |error: std::io::Error| {
        Failure::new(format!("{} cannot be written: {error}", file.display())).hint("name another file with --export")
    };
    let mut out = BufWriter::new(std::fs::File::create(file).map_err(cannot)?);
    let (mut total, mut withheld) = (0_usize, 0_usize);
    each(context, workspace, lake, args, |reject| {
        total += 1;
        withheld += usize::from(reject.reject.withheld);
        tenure_ingest::export(&reject, &mut out).map_err(cannot)
    })
    .await?;
    out.flush().map_err(cannot)?;
    printer.aside(&format!("wrote {} rejected rows to {}", count(total), file.display()))?;
    if withheld > 0 {
        let without = "without their record, for they may be what staff answered: correct those at their source";
        printer.aside(&format!("{} of them {without}", count(withheld)))?;
    }
    printer.aside(&format!("edit what stands under \"record\", then: tenure rejects --replay {}", file.display()))?;
    Ok(Exit::Done)
}

/// Hands on each reject that stands open at the version asked for.
async fn each(
    context: &Context,
    workspace: &Workspace,
    lake: &Lake,
    args: &RejectsArgs,
    mut on: impl FnMut(StoredReject) -> Outcome<()>,
) -> Outcome<()> {
    let version = version(lake, context.global.as_of.as_deref(), &workspace.settings.clock()).await?;
    let snapshot = lake.snapshot(version).await?;
    let mut failed = None;
    tenure_ingest::open_rejects(&snapshot, args.source.as_deref(), |reject| {
        failed = on(reject).err();
        failed.is_none()
    })
    .await?;
    failed.map_or(Ok(()), Err)
}

async fn replay(context: &Context, workspace: &Workspace, lake: &Lake, file: &Path, printer: &mut Printer) -> Outcome {
    let shown = file.display().to_string();
    let input = std::fs::File::open(file).map_err(|error| {
        Failure::new(format!("{shown} cannot be read: {error}"))
            .hint("write it with `tenure rejects --export`, and mend it")
    })?;
    let mended = tenure_ingest::parse_export(&shown, &mut BufReader::new(input))?;
    if mended.is_empty() {
        return Err(Failure::new(format!("{shown} holds no record: there is nothing to replay"))
            .hint("write it with `tenure rejects --export`, and mend it"));
    }
    tenure_lake::keep_temporary_files_in(&workspace.root);
    let sources: Vec<_> = workspace.sources(&[], context.environment.variable).into_iter().flatten().collect();
    let zone = |name: &str| {
        let source = sources.iter().find(|source| source.name == name);
        source.map_or_else(|| workspace.settings.zone.time_zone().clone(), |source| source.timezone.clone())
    };
    let now = context.environment.now;
    let report = tenure_ingest::replay(lake, &workspace.for_ingest(), mended, zone, false, now).await?;
    tell(&report, printer)?;
    Ok(if report.rejected == 0 { Exit::Done } else { Exit::Rejected })
}

fn tell(report: &ReplayReport, printer: &mut Printer) -> Outcome<()> {
    if let Some(version) = report.version {
        printer.line(&format!(
            "committed as lake version {version}: {} read, {} accepted, {} updated, {} duplicate, {} still rejected",
            count(report.read),
            count(report.accepted),
            count(report.updated),
            count(report.duplicate),
            count(report.rejected),
        ))?;
    }
    for reject in &report.rejects {
        printer.line(&format!("  {reject}"))?;
    }
    Ok(())
}
