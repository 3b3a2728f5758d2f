//! `sources/*.toml`: what holds of each, whatever is written.

use std::sync::Arc;
use tenure_mapping::{Problem, Select, Source, Workspace, bind};
use tenure_schema::settings::Settings;

/// What holds of a text that is read as a source.
pub fn check(text: &str) {
    let workspace = Workspace { root: "workspace".into(), settings: Arc::new(Settings::default()) };
    let variable = |name: &str| (name == "DATA").then(|| "data".to_owned());
    let source = match Source::parse("fuzzed", text, &workspace, &variable) {
        Ok(source) => source,
        Err(problem) => return told(&problem, "sources/fuzzed.toml"),
    };
    assert!(!source.tables.is_empty());
    for mapping in &source.tables {
        for number in 0..mapping.selects.len() {
            match Select::read(&source, mapping, number) {
                Ok(select) => selects(&source, &select),
                Err(problem) => told(&problem, &mapping.place),
            }
        }
        let words = mapping.selects.iter().flat_map(|select| select.split_whitespace());
        let words: Vec<String> = words.take(20).map(str::to_owned).collect();
        if let Err(problem) = bind(mapping, &mapping.place, &words) {
            told(&problem, &mapping.place);
        }
    }
}

/// A SELECT reads the source's relations alone, and is as long as it was when its names are spelt.
fn selects(source: &Source, select: &Select) {
    for relation in &select.relations {
        assert!(source.files.iter().any(|files| files.name == *relation), "{relation} is no relation");
    }
    let spelt = select.with_columns(&["Customer ID", "amount", "Amount", "_row"]);
    assert_eq!(spelt.to_string().is_empty(), select.query.to_string().is_empty());
}

/// A problem names its place, a line of it where there is one, and what to do.
fn told(problem: &Problem, place: &str) {
    assert!(problem.place.starts_with(place), "{problem} is not told of {place}");
    assert!(!problem.problem.is_empty() && !problem.remedy.is_empty(), "{problem}");
}
