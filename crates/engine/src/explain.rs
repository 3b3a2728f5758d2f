//! What a number means: words, formula, rules, SQL and the choices in force.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::question::MetricRef;
use std::collections::BTreeSet;
use tenure_catalog::{Better, Definition, Kind, Timing, Unit};

/// Everything there is to say about a metric in one definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The metric's id.
    pub metric: String,
    /// The variant, or `default`.
    pub variant: String,
    /// Its title.
    pub title: String,
    /// What it means, in words.
    pub about: String,
    /// The formula, for people.
    pub formula: String,
    /// Where the formula comes from.
    pub source: String,
    /// Of a variant: how it differs from the default.
    pub difference: String,
    /// Unit of the value.
    pub unit: Unit,
    /// Which direction is better.
    pub better: Better,
    /// What kind of question it is.
    pub kind: Kind,
    /// The rules for its rows: what each is called, and its text.
    pub rules: Vec<(String, String)>,
    /// The statement that gives the value of the last complete month: `tenure sql` runs it.
    pub sql: String,
    /// Settings that it uses, with their values.
    pub choices: Vec<(String, String)>,
    /// The metric's variants: id, difference, source.
    pub variants: Vec<(String, String, String)>,
    /// The file it is defined in.
    pub file: String,
    /// The lake tables that it reads.
    pub reads: Vec<String>,
    /// Hash of every definition and setting in force.
    pub catalogue: String,
}

impl Engine {
    /// Explains a metric in one definition.
    pub async fn explain(&self, reference: &MetricRef) -> Result<Explanation, EngineError> {
        let bound = self.bind(reference)?;
        let definition = bound.definition;
        let variants = bound.metric.variants.iter();
        Ok(Explanation {
            metric: bound.metric.id.clone(),
            variant: bound.variant.clone(),
            title: definition.title.clone(),
            about: definition.about.trim().to_owned(),
            formula: definition.formula.clone(),
            source: definition.source.clone(),
            difference: definition.difference.clone(),
            unit: definition.unit,
            better: definition.better,
            kind: definition.kind,
            rules: rules(definition),
            sql: self.statement(&bound).await?,
            choices: self.choices(definition),
            variants: variants
                .map(|variant| {
                    (variant.id.clone(), variant.definition.difference.clone(), variant.definition.source.clone())
                })
                .collect(),
            file: bound.metric.file.clone(),
            reads: self.catalog().lake_tables(definition).into_iter().map(str::to_owned).collect(),
            catalogue: self.catalogue_hash().to_owned(),
        })
    }

    /// Settings named in the definition or the derived tables behind it.
    fn choices(&self, definition: &Definition) -> Vec<(String, String)> {
        let mut names = BTreeSet::new();
        if let Some(rows) = &definition.rows {
            for derived in self.derived_behind(&rows.from) {
                names.extend(derived.names.settings.iter().cloned());
            }
        }
        for text in definition.expressions() {
            if let Ok(found) = tenure_catalog::names_in_expression(text) {
                names.extend(found.settings);
            }
        }
        names.into_iter().filter_map(|name| self.session().setting(&name).map(|value| (name, value))).collect()
    }
}

/// The rules by which a definition is computed: what each is called, and its text.
pub fn rules(definition: &Definition) -> Vec<(String, String)> {
    let mut rules = Vec::new();
    let mut rule = |name: &str, text: String| rules.push((name.to_owned(), text));
    if let Some(rows) = &definition.rows {
        rule("rows from", rows.from.clone());
        if let Some(filter) = &rows.filter {
            rule("candidates", filter.clone());
        }
        match rows.timing() {
            Timing::At(at) => rule("counts at", at.to_owned()),
            Timing::InForce { starts_at, ends_at } => rule("in force", format!("[{starts_at}, {ends_at})")),
            Timing::ByTable => rule("counts at", format!("as `{}` says", rows.from)),
        }
        if let Some(as_of) = &rows.as_of {
            rule("attributes of", as_of.clone());
        }
        if let Some(against) = &rows.against {
            rule("counts only if", format!("in another segment at {against}"));
        }
        if !rows.key.is_empty() {
            rule("one row a", format!("{}: {}", rows.key.join(", "), rows.keep.as_deref().unwrap_or_default()));
        }
        for (reason, condition) in rows.exclude.iter() {
            rule("excluded", format!("{reason}: {condition}"));
        }
        for (reason, condition) in rows.exclude_kept.iter() {
            rule("excluded, of those kept", format!("{reason}: {condition}"));
        }
        if let Some(pending) = &rows.pending {
            rule("pending", pending.clone());
        }
        for (name, column) in rows.columns.iter().filter(|(name, column)| name != column) {
            rule("column", format!("{name} = {column}"));
        }
    }
    if let Some(window) = &definition.window {
        rule("window", format!("{window} to the end of the period"));
    }
    if let Some(matures) = &definition.matures {
        rule("complete", format!("{matures} after the period"));
    }
    for (name, input) in definition.inputs.iter() {
        let variant = input.variant.as_ref().map(|variant| format!(" ({variant})")).unwrap_or_default();
        rule("input", format!("{name} = {}{variant}", input.metric));
    }
    for (name, text) in definition.state.iter() {
        rule("state", format!("{name} = {text}"));
    }
    for (name, text) in definition.lets.iter() {
        rule("let", format!("{name} = {text}"));
    }
    rule("value", definition.value.clone());
    if let Some(interval) = &definition.interval {
        rule("interval", interval.clone());
    }
    for (reason, condition) in definition.null.iter() {
        rule("null", format!("{reason}: {condition}"));
    }
    rules
}
