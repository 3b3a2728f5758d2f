//! The records as CSV: objects become columns, `segment.plan`, `parts.p90`, `excluded.spam`.

use super::record::{Compared, Defined, Pairs, Record};
use std::io;

/// The CSV text of some records.
pub(crate) fn csv(records: &[Record<'_>]) -> io::Result<String> {
    let segments = names(records.iter().map(|record| &record.segment));
    let parts = names(records.iter().map(|record| &record.parts));
    let excluded = names(records.iter().map(|record| &record.excluded));
    let compared = records.iter().any(|record| record.compared.is_some());
    let defined = records.iter().any(|record| record.defined.is_some());
    let mut writer = csv::Writer::from_writer(Vec::new());

    let mut header: Vec<String> =
        ["metric", "variant", "title", "group", "period", "start", "end", "window_start", "window_end"]
            .map(str::to_owned)
            .into();
    header.extend(segments.iter().map(|name| format!("segment.{name}")));
    header.extend(["value", "low", "high", "n"].map(str::to_owned));
    header.extend(parts.iter().map(|name| format!("parts.{name}")));
    header.extend(excluded.iter().map(|name| format!("excluded.{name}")));
    header.extend(["reason", "unit", "currency", "better", "complete", "assumed"].map(str::to_owned));
    if compared {
        header.extend(["previous", "change", "target"].map(str::to_owned));
    }
    if defined {
        header.extend(["difference", "source"].map(str::to_owned));
    }
    header.extend(["observed_to", "catalogue", "lake_version"].map(str::to_owned));
    writer.write_record(&header)?;

    for record in records {
        let mut row: Vec<String> =
            [record.metric, record.variant, record.title, record.group, record.period].map(str::to_owned).into();
        row.extend([&record.start, &record.end, &record.window_start, &record.window_end].map(Clone::clone));
        row.extend(segments.iter().map(|name| found(&record.segment, name).flatten().unwrap_or_default().to_owned()));
        row.extend([record.value, record.low, record.high].map(|figure| text(figure.and_then(|f| f.text()))));
        row.push(record.n.to_string());
        row.extend(parts.iter().map(|name| text(found(&record.parts, name).flatten().and_then(|f| f.text()))));
        row.extend(excluded.iter().map(|name| found(&record.excluded, name).unwrap_or(0).to_string()));
        row.extend(
            [record.reason.unwrap_or_default(), record.unit, record.currency.unwrap_or_default()].map(str::to_owned),
        );
        row.extend([record.better.to_owned(), record.complete.to_string(), text(record.assumed)]);
        if compared {
            let Compared { previous, change, target } =
                record.compared.unwrap_or(Compared { previous: None, change: None, target: None });
            row.extend([text(previous.and_then(|figure| figure.text())), text(change), text(target)]);
        }
        if defined {
            let Defined { difference, source } = record.defined.unwrap_or(Defined { difference: "", source: "" });
            row.extend([difference, source].map(str::to_owned));
        }
        row.extend([record.observed_to.clone(), record.catalogue.to_owned(), record.lake_version.to_string()]);
        writer.write_record(&row)?;
    }
    text_of(writer)
}

/// The CSV text of plain rows; none is an empty field.
pub(crate) fn rows_csv(columns: &[String], rows: &[Vec<Option<String>>]) -> io::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row.iter().map(|value| value.as_deref().unwrap_or_default()))?;
    }
    text_of(writer)
}

fn text_of(writer: csv::Writer<Vec<u8>>) -> io::Result<String> {
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// The names that occur, in the order they first do.
fn names<'a, 'b, T: 'b>(all: impl Iterator<Item = &'b Pairs<'a, T>>) -> Vec<&'a str>
where
    'a: 'b,
{
    let mut names = Vec::new();
    for (name, _) in all.flat_map(|pairs| &pairs.0) {
        if !names.contains(name) {
            names.push(*name);
        }
    }
    names
}

fn found<T: Copy>(pairs: &Pairs<'_, T>, name: &str) -> Option<T> {
    pairs.0.iter().find(|(found, _)| *found == name).map(|(_, value)| *value)
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::output::{csv, records};
    use crate::sample;

    #[test]
    fn an_answer() {
        insta::assert_snapshot!(csv(&records(&sample::answer())).unwrap());
    }
}
