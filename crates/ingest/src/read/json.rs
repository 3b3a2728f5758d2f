//! JSON Lines: every value as text, nested ones as JSON text.

use super::batch::Gather;
use super::decode::not_utf8;
use super::spaces::Lines;
use super::{Keys, Relation, Sink, Watch};
use crate::error::Problem;
use crate::source::{FileSet, InputFile, JsonLines};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

/// Lines looked at to learn the keys, where not all are.
const SAMPLE: u64 = 1_000;

/// The keys of the file's objects, in order of first appearance.
pub(super) fn keys(file: &InputFile, set: &FileSet, options: &JsonLines, keys: Keys) -> Result<Vec<String>, Problem> {
    let mut lines = Lines::open(file, set, options.encoding, &Watch::default())?;
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut names = Vec::new();
    while (keys == Keys::All || lines.number < SAMPLE) && lines.next()? {
        // A line that is no object gets its verdict when it is read.
        let Ok(text) = lines.as_str() else { continue };
        let _ = each(text, |key, _| {
            if !known.contains_key(key) {
                known.insert(key.to_owned(), names.len());
                names.push(key.to_owned());
            }
        });
    }
    Ok(names)
}

/// Reads one file; false: nobody wants more.
pub(super) fn read(
    relation: &Relation,
    file: &InputFile,
    options: &JsonLines,
    wanted: &[usize],
    watch: &Watch,
    sink: &mut Sink,
) -> Result<bool, Problem> {
    let mut lines = Lines::open(file, &relation.set, options.encoding, watch)?;
    let names: Vec<String> =
        wanted.iter().filter_map(|at| relation.schema.fields().get(*at)).map(|field| field.name().clone()).collect();
    let slots: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let mut gather = Gather::new(relation, file, &names, wanted, &options.null)?;
    let mut row = 0;
    loop {
        match lines.next() {
            Ok(true) => {}
            Ok(false) => break,
            Err(problem) => {
                gather.flush(sink)?;
                return Err(problem);
            }
        }
        row += 1;
        let Ok(text) = std::str::from_utf8(&lines.text) else {
            watch.bad_record(&file.name, row, not_utf8(file, &relation.set, lines.number, &lines.text))?;
            continue;
        };
        let mut values: Vec<Option<Cow<str>>> = vec![None; names.len()];
        let outcome = each(text, |key, value| {
            if let Some(slot) = slots.get(key).and_then(|at| values.get_mut(*at)) {
                *slot = plain(value);
            }
        });
        match outcome {
            Ok(()) => gather.push(row, |field| values.get(field).and_then(Option::as_deref)),
            Err(error) => watch.bad_record(&file.name, row, no_object(file, lines.number, text, &error))?,
        }
        if gather.is_full() && !gather.flush(sink)? {
            return Ok(false);
        }
    }
    gather.flush(sink)
}

fn no_object(file: &InputFile, line: u64, text: &str, error: &serde_json::Error) -> Problem {
    let place = format!("{}:{line}", file.name);
    if text.trim_start().starts_with('[') {
        let remedy = "write one object a line, for example with jq -c '.[]'";
        return Problem::new(place, "is a JSON array, not JSON Lines", remedy);
    }
    Problem::new(
        place,
        format!("is not a JSON object: {}", error.to_string().replace("at line 1 ", "at ")),
        "mend the line, or leave it out with --keep-good (nothing was committed)",
    )
}

/// A JSON value as text: a string without its quotes, null as none, everything else as it is written.
fn plain(value: &RawValue) -> Option<Cow<'_, str>> {
    let text = value.get();
    if text == "null" {
        return None;
    }
    let Some(inside) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return Some(Cow::Borrowed(text));
    };
    if inside.contains('\\') {
        // A lone surrogate is no text: the escape stays as it is written.
        return Some(serde_json::from_str(text).map_or(Cow::Borrowed(inside), Cow::Owned));
    }
    Some(Cow::Borrowed(inside))
}

/// Calls back for each key and value of the object that the text is.
fn each<'t>(text: &'t str, on: impl FnMut(&str, &'t RawValue)) -> Result<(), serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    Object(on).deserialize(&mut reader)?;
    reader.end()
}

struct Object<F>(F);

impl<'de, F: FnMut(&str, &'de RawValue)> DeserializeSeed<'de> for Object<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(&str, &'de RawValue)> Visitor<'de> for Object<F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut key = String::new();
        while map.next_key_seed(Key(&mut key))?.is_some() {
            let value: &'de RawValue = map.next_value()?;
            (self.0)(&key, value);
        }
        Ok(())
    }
}

/// Reads a key into a buffer that is used again.
struct Key<'b>(&'b mut String);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<(), E> {
        self.0.clear();
        self.0.push_str(key);
        Ok(())
    }
}
