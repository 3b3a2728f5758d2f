//! The engine that runs a mapping.

use super::instants;
use super::relations::{Relations, Scan};
use crate::error::Problem;
use crate::read::Watch;
use datafusion::error::DataFusionError;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use std::sync::Arc;
use tenure_functions::Environment;
use tenure_schema::settings::Settings;

/// Memory for grouping, sorting and joining within a mapping; beyond it, grouping and sorting spill to disk.
const MEMORY: usize = 256 << 20;

/// A session over a source's relations. The relation that `flows` names streams by; its reading is watched apart.
pub(super) fn session(
    relations: &Relations,
    settings: &Settings,
    zone: &jiff::tz::TimeZone,
    flows: Option<(&str, &Watch)>,
    others: &Watch,
) -> Result<SessionContext, DataFusionError> {
    let mut config = SessionConfig::new().with_target_partitions(1).with_batch_size(16_384);
    let options = config.options_mut();
    options.sql_parser.map_string_types_to_utf8view = false;
    // 19.99 * quantity is money, not a float.
    options.sql_parser.parse_float_as_decimal = true;
    // Naive texts read by to_timestamp are in the source's zone.
    options.execution.time_zone = zone.iana_name().map(str::to_owned);
    let runtime = RuntimeEnvBuilder::new().with_memory_limit(MEMORY, 1.0).build_arc()?;
    let context = SessionContext::new_with_config_rt(config, runtime);
    instants::register(&context);
    tenure_functions::register(&context, &Environment::without_rates(settings.clone()));
    for relation in &relations.all {
        let flowing = flows.filter(|(name, _)| *name == relation.set.name);
        let watch = flowing.map_or(others, |(_, watch)| watch).clone();
        let scan = Scan { relation: relation.clone(), watch, flows: flowing.is_some() };
        let name = datafusion::common::TableReference::bare(relation.set.name.as_str());
        context.register_table(name, Arc::new(scan))?;
    }
    Ok(context)
}

/// What went wrong, without the engine's wrappings; a problem of a file comes out as it went in.
pub(super) fn cause(error: &DataFusionError) -> Cause {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(problem) = error.downcast_ref::<Problem>() {
            return Cause::Problem(problem.clone());
        }
        next = error.source();
    }
    Cause::Engine(plain_words(error))
}

/// What was behind an error of the engine.
pub(super) enum Cause {
    /// A problem of a file that was being read.
    Problem(Problem),
    /// The engine's own, in its words.
    Engine(String),
}

fn plain_words(error: &DataFusionError) -> String {
    let text = match error.find_root() {
        DataFusionError::ArrowError(error, _) => error.to_string(),
        DataFusionError::SchemaError(error, _) => error.to_string(),
        root => root.strip_backtrace(),
    };
    let mut text = text.trim().trim_end_matches('.');
    // Which part of the engine says it does not help anybody.
    let wrappings = [
        "Execution error: ",
        "Error during planning: ",
        "Optimizer rule",
        "Arrow error: ",
        "Cast error: ",
        "Parser error: ",
        "Compute error: ",
        "Invalid argument error: ",
        "SQL error: ",
        "Schema error: ",
    ];
    while let Some(rest) = wrappings.iter().find_map(|wrapping| text.strip_prefix(wrapping)) {
        text = rest;
    }
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    let joined = format!("{first}{}", chars.as_str());
    joined.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}
