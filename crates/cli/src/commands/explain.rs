//! `tenure explain`: what a metric means.

mod document;

use crate::args::ExplainArgs;
use crate::exit::{Exit, Outcome};
use crate::printer::Printer;
use crate::session::{Context, Session};
use crate::table::{Column, Row, Table, Text, Tone, wrap};
use crate::workspace::Workspace;
use std::sync::Arc;
use tenure_catalog::Catalog;
use tenure_engine::{Data, Engine, Explanation, MetricRef};
use tenure_schema::as_of::Level;

/// Explains one metric, or lists them all.
pub(crate) async fn run(context: &Context, args: &ExplainArgs, printer: &mut Printer) -> Outcome {
    if args.all {
        let engine = definitions(context).await?;
        printer.document(&document::document(&engine).await?, args.output.as_deref())?;
        return Ok(Exit::Done);
    }
    let session = Session::open(context).await?;
    let Some(id) = &args.metric else {
        printer.table(&list(session.engine.catalog()))?;
        return Ok(Exit::Done);
    };
    let metric = MetricRef { id: id.clone(), variant: args.variant.clone() };
    let explained = session.engine.explain(&metric).await?;
    if args.sql {
        printer.line(explained.sql.trim_end())?;
        return Ok(Exit::Done);
    }
    tell(&explained, printer)?;
    Ok(Exit::Done)
}

/// The workspace's definitions over no data; where there is no workspace, those that are built in.
async fn definitions(context: &Context) -> Outcome<Engine> {
    let (catalog, settings) =
        match Workspace::is_within(&context.environment.folder) || context.global.workspace.is_some() {
            true => {
                let workspace = context.workspace()?;
                (workspace.catalog()?, workspace.settings)
            }
            false => (Arc::new(Catalog::builtin()?), Arc::default()),
        };
    Ok(Engine::over(Data::empty()?, catalog, settings, Level::default()).await?)
}

/// Every metric by group.
fn list(catalog: &Catalog) -> Table {
    let mut table = Table::new(vec![
        Column::words("Metric"),
        Column::words("Title").wraps_to(20),
        Column::words("Unit").rank(1),
        Column::words("Variants").wraps_to(24).rank(2),
    ]);
    for (group, metrics) in document::groups(catalog) {
        table.line(Row::Heading(crate::board::group_title(group)));
        for metric in metrics {
            let variants: Vec<&str> = metric.variants.iter().map(|variant| variant.id.as_str()).collect();
            table.row(vec![
                metric.id.as_str().into(),
                metric.default.title.as_str().into(),
                metric.default.unit.name().into(),
                Text::toned(Tone::Faint, variants.join(", ")),
            ]);
        }
    }
    table
}

fn tell(explained: &Explanation, printer: &mut Printer) -> Outcome<()> {
    let title = printer.palette.paint(Tone::Strong, &explained.title);
    let name = printer.palette.paint(Tone::Faint, &format!("{} · {}", explained.metric, explained.variant));
    printer.line(&format!("{title}  {name}"))?;
    for text in [&explained.about, &explained.difference] {
        paragraph(text, printer)?;
    }
    let facts = [
        ("formula", explained.formula.as_str()),
        ("unit", explained.unit.name()),
        ("better", explained.better.name()),
        ("kind", explained.kind.name()),
        ("source", explained.source.as_str()),
        ("reads", &explained.reads.join(", ")),
        ("file", explained.file.as_str()),
        ("catalogue", explained.catalogue.as_str()),
    ];
    pairs("", facts.into_iter().filter(|(_, value)| !value.is_empty()), printer)?;
    pairs("Rows", words(&explained.rules), printer)?;
    pairs("Choices in force", words(&explained.choices), printer)?;
    let variants = explained.variants.iter().map(|(id, difference, source)| {
        let source = if source.is_empty() { String::new() } else { format!(" ({source})") };
        (id.as_str(), format!("{difference}{source}"))
    });
    let variants: Vec<(&str, String)> = variants.collect();
    pairs("Variants", variants.iter().map(|(id, text)| (*id, text.as_str())), printer)?;
    if !explained.sql.trim().is_empty() {
        printer.line("")?;
        printer.toned(Tone::Strong, "SQL")?;
        printer.line(explained.sql.trim_end())?;
    }
    printer.line("")?;
    for line in wrap(ELSEWHERE, printer.width) {
        printer.toned(Tone::Faint, &line)?;
    }
    Ok(())
}

/// Where more is said than of one metric.
const ELSEWHERE: &str = "every metric and variant: `tenure explain --all`, or docs/definitions.md · why it is so and not otherwise: docs/decisions.md";

fn words(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

fn paragraph(text: &str, printer: &mut Printer) -> Outcome<()> {
    if !text.trim().is_empty() {
        printer.line("")?;
        for line in wrap(text.trim(), printer.width.min(100)) {
            printer.line(&line)?;
        }
    }
    Ok(())
}

fn pairs<'a>(title: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>, printer: &mut Printer) -> Outcome<()> {
    let mut table = Table::new(vec![Column::words(""), Column::words("").wraps_to(20)]);
    let mut any = false;
    for (name, value) in pairs {
        any = true;
        table.row(vec![Text::toned(Tone::Faint, name), value.trim().into()]);
    }
    if any {
        printer.line("")?;
        if !title.is_empty() {
            printer.toned(Tone::Strong, title)?;
        }
        printer.table(&table)?;
    }
    Ok(())
}
