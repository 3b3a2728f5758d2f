//! The text of a `sources/*.toml`, checked key by key.

use super::expand::expand;
use super::spell::nearest;
use super::{Csv, Delimiter, Environment, FileSet, Format, JsonLines, Mode, Source, TableMapping, Workspace};
use crate::problem::Problem;
use encoding_rs::Encoding;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use tenure_schema::{nesting, table};
use toml::Spanned;

type Result<T> = std::result::Result<T, Problem>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceFile {
    about: Option<String>,
    timezone: Option<Spanned<String>>,
    data_through: Option<Spanned<toml::Value>>,
    mode: Option<Spanned<String>>,
    #[serde(default)]
    files: toml::map::Map<String, toml::Value>,
    #[serde(default)]
    tables: toml::map::Map<String, toml::Value>,
}

/// The same text again, for the spans that an ordered map of plain values does not carry.
#[derive(Deserialize)]
struct Spans {
    #[serde(default)]
    files: std::collections::BTreeMap<String, Spanned<FileKeys>>,
    #[serde(default)]
    tables: std::collections::BTreeMap<String, Spanned<OneOrMany>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileKeys {
    path: Spanned<String>,
    format: Option<Spanned<String>>,
    delimiter: Option<Spanned<String>>,
    encoding: Option<Spanned<String>>,
    header: Option<Spanned<bool>>,
    columns: Option<Spanned<Vec<String>>>,
    quote: Option<Spanned<String>>,
    null: Option<Spanned<Vec<String>>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a SELECT, or an array of them")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

struct Reader<'a> {
    place: String,
    text: &'a str,
}

pub(super) fn parse(name: &str, text: &str, workspace: &Workspace, env: &Environment) -> Result<Source> {
    let reader = Reader { place: format!("sources/{name}.toml"), text };
    nesting::check(text)
        .map_err(|deep| Problem::new(format!("{}:{}", reader.place, deep.line), deep.to_string(), "write it flat"))?;
    let file: SourceFile = toml::from_str(text).map_err(|error| reader.broken(&error))?;
    let mut spans: Spans = toml::from_str(text).map_err(|error| reader.broken(&error))?;
    let timezone = match &file.timezone {
        None => workspace.settings.zone.time_zone().clone(),
        Some(zone) => reader.timezone(zone)?,
    };
    let data_through = file.data_through.as_ref().map(|value| reader.data_through(value, &timezone)).transpose()?;
    let mode = reader.mode(file.mode.as_ref())?;
    let mut files = Vec::new();
    for name in file.files.keys() {
        if let Some(keys) = spans.files.remove(name) {
            files.push(reader.files(name, keys, env)?);
        }
    }
    let mut tables = Vec::new();
    for name in file.tables.keys() {
        if let Some(selects) = spans.tables.remove(name) {
            tables.push(reader.table(name, selects)?);
        }
    }
    if tables.is_empty() {
        return Err(Problem::new(reader.place, "fills no table", "add [tables] with a SELECT for each table"));
    }
    Ok(Source {
        name: name.to_owned(),
        place: reader.place,
        about: file.about,
        timezone,
        data_through,
        mode,
        files,
        tables,
    })
}

impl Reader<'_> {
    fn at(&self, offset: usize, key: &str) -> String {
        format!("{}:{}: {key}", self.place, line(self.text, offset))
    }

    fn broken(&self, error: &toml::de::Error) -> Problem {
        let place = match error.span() {
            Some(span) => format!("{}:{}", self.place, line(self.text, span.start)),
            None => self.place.clone(),
        };
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        let (problem, remedy) = match message.split_once(", expected ") {
            Some((problem, expected)) => (problem.to_owned(), format!("expected {expected}")),
            None => (message, "correct the line".to_owned()),
        };
        let key = error.span().and_then(|span| key_on_line(self.text, span.start));
        let problem = match key {
            Some(key) if !problem.contains(&key) => format!("{key}: {problem}"),
            _ => problem,
        };
        Problem::new(place, problem, remedy)
    }

    fn timezone(&self, zone: &Spanned<String>) -> Result<TimeZone> {
        TimeZone::get(zone.get_ref()).map_err(|_| {
            Problem::new(
                self.at(zone.span().start, "timezone"),
                format!("unknown time zone '{}'", zone.get_ref()),
                "use an IANA name such as 'Europe/Paris'",
            )
        })
    }

    fn data_through(&self, value: &Spanned<toml::Value>, zone: &TimeZone) -> Result<Timestamp> {
        let text = match value.get_ref() {
            toml::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        tenure_schema::instant::parse_instant(&text, zone).ok_or_else(|| {
            Problem::new(
                self.at(value.span().start, "data_through"),
                format!("'{text}' is neither a date nor an instant"),
                "write it as \"2026-07-01\": everything before that day is in the export",
            )
        })
    }

    fn mode(&self, mode: Option<&Spanned<String>>) -> Result<Mode> {
        match mode.map(|mode| (mode.get_ref().as_str(), mode.span().start)) {
            None | Some(("upsert", _)) => Ok(Mode::Upsert),
            Some(("snapshot", _)) => Ok(Mode::Snapshot),
            Some((other, at)) => {
                Err(Problem::new(self.at(at, "mode"), format!("unknown mode '{other}'"), "use 'upsert' or 'snapshot'"))
            }
        }
    }

    fn files(&self, name: &str, keys: Spanned<FileKeys>, env: &Environment) -> Result<FileSet> {
        let start = keys.span().start;
        let keys = keys.into_inner();
        let key = |key: &str| format!("files.{name}.{key}");
        let path_at = keys.path.span().start;
        let pattern = expand(keys.path.get_ref(), env).map_err(|variable| {
            Problem::new(
                self.at(path_at, &key("path")),
                format!("the environment variable {variable} is not set"),
                format!("set it, or give a default: ${{{variable}:-exports}}"),
            )
        })?;
        let format = match &keys.format {
            None => by_ending(&pattern).ok_or_else(|| {
                Problem::new(
                    self.at(path_at, &key("path")),
                    format!("'{pattern}' does not tell its format"),
                    "add format = \"csv\", \"jsonl\" or \"parquet\"",
                )
            })?,
            Some(format) => format.get_ref().as_str(),
        };
        let encoding = self.encoding(&key("encoding"), keys.encoding.as_ref())?;
        let format = match format {
            "csv" => Format::Csv(self.csv(&key, &keys, &pattern, encoding, start)?),
            "jsonl" | "parquet" => {
                let only_csv = [
                    ("delimiter", keys.delimiter.as_ref().map(|k| k.span().start)),
                    ("header", keys.header.as_ref().map(|k| k.span().start)),
                    ("columns", keys.columns.as_ref().map(|k| k.span().start)),
                    ("quote", keys.quote.as_ref().map(|k| k.span().start)),
                ];
                for (option, at) in only_csv {
                    if let Some(at) = at {
                        let problem = format!("does not apply to format = \"{format}\"");
                        return Err(Problem::new(self.at(at, &key(option)), problem, "remove it"));
                    }
                }
                match format {
                    "jsonl" => {
                        let null = keys.null.map(Spanned::into_inner).unwrap_or_default();
                        Format::JsonLines(JsonLines { encoding, null })
                    }
                    _ => Format::Parquet,
                }
            }
            other => {
                let at = keys.format.as_ref().map_or(start, |format| format.span().start);
                let problem = format!("unknown format '{other}'");
                return Err(Problem::new(self.at(at, &key("format")), problem, "use 'csv', 'jsonl' or 'parquet'"));
            }
        };
        Ok(FileSet { name: name.to_owned(), place: self.at(start, &format!("files.{name}")), pattern, format })
    }

    fn csv(
        &self,
        key: &dyn Fn(&str) -> String,
        keys: &FileKeys,
        pattern: &str,
        encoding: &'static Encoding,
        start: usize,
    ) -> Result<Csv> {
        let delimiter = match &keys.delimiter {
            None if ending(pattern) == "tsv" => Delimiter::Byte(b'\t'),
            None => Delimiter::Byte(b','),
            Some(text) if text.get_ref() == " +" => Delimiter::Spaces,
            Some(text) => Delimiter::Byte(self.one_byte(&key("delimiter"), text)?),
        };
        let quote = match &keys.quote {
            None => Some(b'"'),
            Some(text) if text.get_ref().is_empty() => None,
            Some(text) => Some(self.one_byte(&key("quote"), text)?),
        };
        let header = keys.header.as_ref().is_none_or(|header| *header.get_ref());
        let columns = match (header, &keys.columns) {
            (true, None) => None,
            (false, Some(columns)) => Some(columns.get_ref().clone()),
            (true, Some(columns)) => {
                return Err(Problem::new(
                    self.at(columns.span().start, &key("columns")),
                    "names columns of a file that has a header",
                    "remove it, or add header = false",
                ));
            }
            (false, None) => {
                let at = keys.header.as_ref().map_or(start, |header| header.span().start);
                let remedy = "add columns = [\"…\"], in the order of the file";
                return Err(Problem::new(
                    self.at(at, &key("header")),
                    "there is no header and no columns are named",
                    remedy,
                ));
            }
        };
        let null = keys.null.as_ref().map_or_else(|| vec![String::new()], |null| null.get_ref().clone());
        Ok(Csv { delimiter, quote, columns, encoding, null })
    }

    fn one_byte(&self, key: &str, text: &Spanned<String>) -> Result<u8> {
        match text.get_ref().as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r') => Ok(*byte),
            _ => Err(Problem::new(
                self.at(text.span().start, key),
                format!("'{}' is not one plain character", text.get_ref()),
                "use one such as ',', ';', '|' or \"\\t\"; \" +\" means runs of spaces",
            )),
        }
    }

    fn encoding(&self, key: &str, label: Option<&Spanned<String>>) -> Result<&'static Encoding> {
        let Some(label) = label else { return Ok(encoding_rs::UTF_8) };
        Encoding::for_label_no_replacement(label.get_ref().as_bytes()).ok_or_else(|| {
            Problem::new(
                self.at(label.span().start, key),
                format!("unknown encoding '{}'", label.get_ref()),
                "use a name such as 'utf-8', 'windows-1252', 'iso-8859-15' or 'utf-16le'",
            )
        })
    }

    fn table(&self, name: &str, selects: Spanned<OneOrMany>) -> Result<TableMapping> {
        let place = self.at(selects.span().start, &format!("tables.{name}"));
        let Some(table) = table::table(name) else {
            let names: Vec<&str> = table::tables().iter().map(|table| table.name).collect();
            let remedy = match nearest(name, names.iter().copied()) {
                Some(near) => format!("did you mean '{near}'?"),
                None => format!("the tables are {}", names.join(", ")),
            };
            return Err(Problem::new(place, format!("there is no table '{name}'"), remedy));
        };
        let selects = match selects.into_inner() {
            OneOrMany::One(select) => vec![select],
            OneOrMany::Many(selects) => selects,
        };
        if selects.is_empty() {
            return Err(Problem::new(place, "has no SELECT", "write one, or remove the line"));
        }
        Ok(TableMapping { table, place, selects })
    }
}

/// The format that a path's ending tells.
fn by_ending(path: &str) -> Option<&'static str> {
    match ending(path).as_str() {
        "csv" | "tsv" | "txt" => Some("csv"),
        "jsonl" | "ndjson" | "json" => Some("jsonl"),
        "parquet" => Some("parquet"),
        _ => None,
    }
}

/// The ending in lower case, that of packing left out.
fn ending(path: &str) -> String {
    let lower = path.to_ascii_lowercase();
    let bare = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".zst")).unwrap_or(&lower);
    bare.rsplit_once('.').map(|(_, ending)| ending.to_owned()).unwrap_or_default()
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// The key written on the line of that offset, for messages that do not name it.
fn key_on_line(text: &str, offset: usize) -> Option<String> {
    let start = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?.lines().next()?;
    let (key, _) = line.split_once('=')?;
    let key = key.trim();
    (!key.is_empty() && !key.starts_with('#')).then(|| key.to_owned())
}
