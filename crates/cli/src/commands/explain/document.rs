//! Every metric and variant as one document: words, formula, how it is computed, when there is no value.

use crate::board::group_title;
use std::fmt::Write;
use tenure_catalog::{Catalog, Definition, Metric, Subject};
use tenure_engine::{Engine, EngineError, MetricRef, rules};

/// What makes the document again, from the root of the repository.
pub(super) const COMMAND: &str = "tenure explain --all -o docs/definitions.md";

/// A metric's own definition, whatever the workspace has chosen.
const OWN: &str = "default";

/// The Markdown text.
pub(super) async fn document(engine: &Engine) -> Result<String, EngineError> {
    let catalog = engine.catalog();
    let mut text = format!(
        "# Definitions\n\n\
         Every metric as it is computed, with all its variants. `tenure explain ID` shows one with the settings in force, `tenure rows ID` the\n\
         rows behind a number, `tenure metric ID --variant all` every variant's figures, `tenure metric ID --diff A B` the rows in which two part; why a\n\
         choice was made stands in [decisions](decisions.md). What the keys mean stands in [CONTRIBUTING](../CONTRIBUTING.md): a row is a candidate, it is\n\
         excluded for the first reason that holds, those left make the state, and the state the value. `$name` is a setting.\n\n\
         The SQL of each is one statement that gives its number: `tenure explain ID --sql | tenure sql -` runs it for the last complete month, or paste it and\n\
         change the days of `asked` at its head. Here it asks for one month as an example, with the settings as they are unless a workspace sets them. What it\n\
         reads are tables of the lake and the [derived tables](#derived-tables). Of metrics about staff it shows how they are computed; `tenure sql` sees no\n\
         row of theirs.\n\n\
         This file is made from the catalogue by `{COMMAND}`.\n\n"
    );
    let groups = groups(catalog);
    for (group, metrics) in &groups {
        let links: Vec<String> =
            metrics.iter().map(|metric| format!("[{}](#{})", metric.default.title, metric.id)).collect();
        put(&mut text, &format!("- **{}**: {}", group_title(group), links.join(" · ")));
    }
    for (group, metrics) in &groups {
        put(&mut text, &format!("\n## {}", group_title(group)));
        for metric in metrics {
            of_metric(&mut text, engine, metric).await?;
        }
    }
    derived_tables(&mut text, catalog);
    Ok(text)
}

/// The tables that `tenure sql` offers beside the lake's, and those that look at the asked period.
fn derived_tables(text: &mut String, catalog: &Catalog) {
    put(text, "\n## Derived tables\n");
    put(
        text,
        "One query each. `asked` is the period asked for: a table that joins it stands in the statements above, `tenure sql` offers the others by name.",
    );
    for table in catalog.derived_tables() {
        folded(text, &format!("<a id=\"{0}\"></a><code>{0}</code>", table.name), &table.sql);
    }
}

/// SQL that opens on a click.
fn folded(text: &mut String, title: &str, sql: &str) {
    put(text, &format!("\n<details><summary>{title}</summary>\n\n```sql\n{}\n```\n\n</details>", sql.trim()));
}

/// The groups with their metrics, in the order of the board.
pub(super) fn groups(catalog: &Catalog) -> Vec<(&str, Vec<&Metric>)> {
    let mut names: Vec<&str> = catalog.metrics().map(|metric| metric.default.group.as_str()).collect();
    let plan = catalog.board();
    names.sort_by_key(|name| (plan.place_of_group(name), *name));
    names.dedup();
    let of = |group: &&str| -> Vec<&Metric> {
        let mut metrics: Vec<_> = catalog.metrics().filter(|metric| metric.default.group == *group).collect();
        metrics.sort_by_key(|metric| plan.place_of(&metric.id));
        metrics
    };
    names.iter().map(|group| (*group, of(group))).collect()
}

async fn of_metric(text: &mut String, engine: &Engine, metric: &Metric) -> Result<(), EngineError> {
    let definition = &metric.default;
    put(text, &format!("\n<a id=\"{}\"></a>\n\n### {} · `{0}`\n", metric.id, definition.title));
    paragraph(text, &definition.about);
    facts(text, definition, None);
    let computed = computed(definition);
    put(text, "```text");
    let width = computed.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    for (name, rule) in &computed {
        put(text, &format!("{name:width$}  {}", one_line(rule)));
    }
    put(text, "```");
    let sql =
        engine.explain(&MetricRef { variant: Some(OWN.to_owned()), ..MetricRef::default_of(&metric.id) }).await?.sql;
    folded(text, "SQL", &sql);
    for variant in &metric.variants {
        put(text, &format!("\n#### `{}` · `{}`\n", metric.id, variant.id));
        paragraph(text, &capitalised(&variant.definition.difference));
        facts(text, &variant.definition, Some(definition));
        changes(text, &computed, &self::computed(&variant.definition));
    }
    Ok(())
}

/// Formula, unit, source, reasons; of a variant what is not as in the metric's own definition.
fn facts(text: &mut String, definition: &Definition, own: Option<&Definition>) {
    let differs = |what: fn(&Definition) -> String| {
        let said = what(definition);
        (!said.is_empty() && own.is_none_or(|own| what(own) != said)).then_some(said)
    };
    let facts = [
        ("Title", own.and(differs(|definition| definition.title.clone()))),
        ("Formula", differs(|definition| definition.formula.trim().to_owned())),
        ("Unit", differs(unit)),
        ("Staff", differs(staff)),
        ("Source", differs(|definition| definition.source.trim().to_owned())),
        ("No value", differs(reasons)),
    ];
    for (name, said) in facts {
        if let Some(said) = said {
            put(text, &format!("- **{name}:** {said}"));
        }
    }
    put(text, "");
}

fn unit(definition: &Definition) -> String {
    format!("{}; better: {}; kind: {}", definition.unit.name(), definition.better.name(), definition.kind.name())
}

fn staff(definition: &Definition) -> String {
    let about = definition.subject == Subject::Staff;
    let minimum = definition.publish.as_ref().map(|publish| {
        format!("cells of fewer than {} people, and those that would give them away, are withheld", publish.minimum)
    });
    match (about, minimum) {
        (true, Some(minimum)) => format!("never opened to rows; {minimum}"),
        (true, None) => "never opened to rows".to_owned(),
        (false, minimum) => minimum.unwrap_or_default(),
    }
}

fn reasons(definition: &Definition) -> String {
    let of_rows = definition.rows.iter().flat_map(|rows| rows.unknown.iter());
    let reasons =
        definition.null.iter().chain(of_rows).map(|(reason, condition)| format!("*{reason}* where `{condition}`"));
    reasons.collect::<Vec<_>>().join("; ")
}

/// The rules by which it is computed; reasons for no value stand by themselves.
fn computed(definition: &Definition) -> Vec<(String, String)> {
    let mut computed = rules(definition);
    computed.retain(|(name, _)| name != "null");
    computed
}

/// What a variant computes otherwise, rule by rule.
fn changes(text: &mut String, own: &[(String, String)], variant: &[(String, String)]) {
    let gone = own.iter().filter(|rule| !variant.contains(rule)).map(|rule| ('-', rule));
    let new = variant.iter().filter(|rule| !own.contains(rule)).map(|rule| ('+', rule));
    let mut lines: Vec<_> = gone.chain(new).collect();
    if lines.is_empty() {
        return;
    }
    // What replaces a rule stands below it.
    let place = |name: &str| own.iter().chain(variant).position(|(known, _)| known == name);
    lines.sort_by_key(|(_, (name, _))| place(name));
    let width = lines.iter().map(|(_, (name, _))| name.chars().count()).max().unwrap_or_default();
    put(text, "```diff");
    for (mark, (name, rule)) in lines {
        put(text, &format!("{mark} {name:width$}  {}", one_line(rule)));
    }
    put(text, "```");
}

fn paragraph(text: &mut String, words: &str) {
    if !words.trim().is_empty() {
        put(text, &format!("{}\n", one_line(words)));
    }
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn capitalised(words: &str) -> String {
    let mut letters = words.trim().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn put(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tenure_engine::Data;
    use tenure_schema::as_of::Level;

    async fn builtin() -> Engine {
        let catalog = Arc::new(Catalog::builtin().unwrap());
        Engine::over(Data::empty().unwrap(), catalog, Arc::default(), Level::default()).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_published_is_what_is_computed() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/definitions.md");
        let published = std::fs::read_to_string(file).unwrap_or_default();
        let made = document(&builtin().await).await.unwrap();
        let line = made.lines().zip(published.lines()).position(|(made, published)| made != published);
        assert!(
            made == published,
            "docs/definitions.md is not what the catalogue says, from line {}: run `cargo run -p tenure-cli -- explain --all -o docs/definitions.md` \
             in the root of the repository",
            line.unwrap_or(made.lines().count().min(published.lines().count())) + 1
        );
    }

    #[tokio::test]
    async fn each_metric_and_variant_has_its_section() {
        let engine = builtin().await;
        let text = document(&engine).await.unwrap();
        for metric in engine.catalog().metrics() {
            assert_eq!(text.matches(&format!("<a id=\"{}\"></a>", metric.id)).count(), 1, "{}", metric.id);
            for variant in &metric.variants {
                assert!(text.contains(&format!("#### `{}` · `{}`", metric.id, variant.id)), "{}", variant.id);
            }
        }
        assert!(text.contains("never opened to rows; cells of fewer than 5 people"));
    }
}
