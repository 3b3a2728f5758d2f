//! `tenure check`: whether all that must hold does.

use crate::args::{CheckArgs, Form};
use crate::exit::{Exit, Outcome};
use crate::output;
use crate::printer::{Printer, rendered};
use crate::session::{Context, Session};
use crate::table::{Column, Table, Text, Tone};
use serde::Serialize;
use tenure_engine::Finding;

/// Checks the workspace's data.
pub(crate) async fn run(context: &Context, args: &CheckArgs, printer: &mut Printer) -> Outcome {
    let session = Session::open(context).await?;
    let findings = session.engine.check(session.now).await?;
    let file = args.output.output.as_deref();
    let text = match args.output.format {
        Form::Json => output::json(&findings.iter().map(Record::of).collect::<Vec<_>>())?,
        Form::Csv => csv(&findings)?,
        Form::Table => rendered(printer, &table(&findings), file) + &verdict(&findings, printer),
    };
    printer.document(&text, file)?;
    Ok(if findings.iter().all(|finding| finding.holds) { Exit::Done } else { Exit::Broken })
}

#[derive(Serialize)]
struct Record<'a> {
    check: &'a str,
    title: &'a str,
    holds: bool,
    detail: &'a str,
}

impl<'a> Record<'a> {
    fn of(finding: &'a Finding) -> Self {
        Self { check: &finding.check, title: &finding.title, holds: finding.holds, detail: &finding.detail }
    }
}

fn csv(findings: &[Finding]) -> std::io::Result<String> {
    let columns = ["check", "title", "holds", "detail"].map(str::to_owned);
    let rows: Vec<Vec<Option<String>>> = findings
        .iter()
        .map(|finding| {
            let Finding { check, title, holds, detail } = finding;
            vec![Some(check.clone()), Some(title.clone()), Some(holds.to_string()), Some(detail.clone())]
        })
        .collect();
    output::rows_csv(&columns, &rows)
}

fn table(findings: &[Finding]) -> Table {
    let mut table = Table::new(vec![
        Column::words(""),
        Column::words("What must hold").wraps_to(28),
        Column::words("Found").wraps_to(24),
    ]);
    for finding in findings {
        let mark = if finding.holds { Text::toned(Tone::Good, "✓") } else { Text::toned(Tone::Bad, "✗") };
        table.row(vec![mark, finding.title.as_str().into(), finding.detail.as_str().into()]);
    }
    table
}

fn verdict(findings: &[Finding], printer: &Printer) -> String {
    let broken = findings.iter().filter(|finding| !finding.holds).count();
    let (tone, text) = match broken {
        0 => (Tone::Good, format!("all {} checks hold", findings.len())),
        1 => (Tone::Bad, format!("1 of {} checks does not hold", findings.len())),
        _ => (Tone::Bad, format!("{broken} of {} checks do not hold", findings.len())),
    };
    format!("\n{}\n", printer.palette.paint(tone, &text))
}
