//! A metric: its default definition and its variants, from one file.

use crate::definition::Definition;
use tenure_schema::nesting;
use tenure_schema::problem::Problem;

/// A metric of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Its id: the file's name.
    pub id: String,
    /// The file, as the user knows it.
    pub file: String,
    /// What it means unless asked otherwise.
    pub default: Definition,
    /// Other published meanings of the same name.
    pub variants: Vec<Variant>,
}

/// Another meaning of a metric.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Its id.
    pub id: String,
    /// The default with the variant's keys in place.
    pub definition: Definition,
}

/// The id under which every metric's own definition can be asked for.
pub(crate) const DEFAULT: &str = "default";

impl Metric {
    /// The keys of a file, as they stand there.
    pub(crate) fn keys(file: &str, text: &str) -> Result<toml::Table, Problem> {
        nesting::check(text).map_err(|deep| Problem::new(file, "", deep.to_string(), "write it flat"))?;
        toml::from_str(text).map_err(|error| unreadable(file, "", &error))
    }

    /// A metric from all its keys.
    pub(crate) fn of(file: &str, id: &str, mut default: toml::Table) -> Result<Self, Vec<Problem>> {
        let changes = match default.remove("variants") {
            None => toml::Table::new(),
            Some(toml::Value::Table(changes)) => changes,
            Some(_) => {
                return Err(vec![Problem::new(
                    file,
                    "variants",
                    "not a table",
                    "write [variants.name] and its keys below",
                )]);
            }
        };
        let mut problems = Vec::new();
        let mut variants = Vec::new();
        for (name, change) in changes {
            let key = format!("variants.{name}");
            match change {
                _ if name == DEFAULT => {
                    problems.push(Problem::new(
                        file,
                        key,
                        "`default` is the metric's own definition",
                        "choose another name",
                    ));
                }
                toml::Value::Table(change) => match define(file, &key, merged(&default, change)) {
                    Ok(definition) => variants.push(Variant { id: name, definition }),
                    Err(problem) => problems.push(problem),
                },
                _ => problems.push(Problem::new(file, key, "not a table", "write the keys that differ below it")),
            }
        }
        match define(file, "", default) {
            Ok(default) if problems.is_empty() => {
                Ok(Self { id: id.to_owned(), file: file.to_owned(), default, variants })
            }
            Ok(_) => Err(problems),
            Err(problem) => {
                // A variant inherits what is wrong with the default: tell it once.
                Err(vec![problem])
            }
        }
    }

    /// The definition of a variant; `None` or `default` is the metric's own.
    pub fn definition(&self, variant: Option<&str>) -> Option<&Definition> {
        match variant {
            None | Some(DEFAULT) => Some(&self.default),
            Some(id) => self.variants.iter().find(|variant| variant.id == id).map(|variant| &variant.definition),
        }
    }
}

fn define(file: &str, key: &str, table: toml::Table) -> Result<Definition, Problem> {
    table.try_into().map_err(|error| unreadable(file, key, &error))
}

fn unreadable(file: &str, key: &str, error: &toml::de::Error) -> Problem {
    let what = error.to_string().trim().replace('\n', "\n  ");
    let remedy = if what.contains("missing field `unit`") {
        "add unit = \"ratio\", \"points\", \"money\", \"count\", \"seconds\", \"days\", \"score\" or \"number\""
    } else {
        "CONTRIBUTING.md, \"Add a metric\", lists every key"
    };
    Problem::new(file, key, what, remedy)
}

/// The default with the variant's keys in place: tables merge key by key, `false` takes a key away (no key is a yes or no), everything
/// else is replaced.
pub(crate) fn merged(default: &toml::Table, change: toml::Table) -> toml::Table {
    let mut result = default.clone();
    for (key, new) in change {
        match (result.get_mut(&key), new) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => {
                *old = merged(old, new);
            }
            (_, toml::Value::Boolean(false)) => {
                result.remove(&key);
            }
            (_, new) => {
                result.insert(key, new);
            }
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(file: &str, id: &str, text: &str) -> Result<Metric, Vec<Problem>> {
        Metric::of(file, id, Metric::keys(file, text).map_err(|problem| vec![problem])?)
    }

    const ESCALATION: &str = r#"
title = "Escalation rate"
unit  = "ratio"
matures = "7 days"
rows  = { from = "tickets", at = "created_at", exclude = { spam = "is_spam", test = "false" } }
state = { tickets = "count(*)", escalated = "count(*) FILTER (WHERE escalated)" }
value = "ratio(escalated, tickets)"
[variants.with_spam]
difference = "spam counts"
matures = false
rows.exclude.spam = false
"#;

    #[test]
    fn a_variant_replaces_keys() {
        let metric = parse("escalation_rate.toml", "escalation_rate", ESCALATION).unwrap();
        let variant = metric.definition(Some("with_spam")).unwrap();
        assert_eq!(variant.value, metric.default.value);
        let reasons = |definition: &Definition| -> Vec<String> {
            definition.rows.iter().flat_map(|rows| rows.exclude.iter()).map(|(reason, _)| reason.to_owned()).collect()
        };
        assert_eq!(reasons(&metric.default), ["spam", "test"]);
        assert_eq!(reasons(variant), ["test"]);
        assert_eq!(
            (metric.default.matures.is_some(), variant.matures.as_deref()),
            (true, None),
            "false takes a key away"
        );
        assert!(metric.definition(Some("nothing")).is_none());
    }

    #[test]
    fn a_missing_unit_says_what_to_add() {
        let problems = parse("x.toml", "x", "title = \"X\"\nvalue = \"1\"").unwrap_err();
        assert!(problems[0].to_string().contains("missing field `unit`"), "{}", problems[0]);
        assert!(problems[0].remedy.contains("unit = \"ratio\""));
    }
}
