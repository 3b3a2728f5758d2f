//! What the board shows first, and in what order: `board.toml`, of which a workspace may replace any key.

use crate::definition::indexed;
use crate::metric::Metric;
use serde::Deserialize;
use std::collections::BTreeMap;
use tenure_schema::nesting;
use tenure_schema::problem::Problem;

/// The file, built in and in a workspace.
pub(crate) const FILE: &str = "board.toml";

/// The order of the board and what its page draws.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardPlan {
    /// Metrics that have a card at the head of the page.
    #[serde(default)]
    pub headlines: Vec<String>,
    /// Group → its metrics, both in order.
    #[serde(default)]
    pub groups: indexed::Map<Vec<String>>,
    /// Charts over the periods of the trend.
    #[serde(default)]
    pub trends: Vec<Trend>,
    /// How a stock went from the opening to the close.
    #[serde(default)]
    pub bridge: Option<Bridge>,
}

/// A chart of metrics over time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// Its title.
    pub title: String,
    /// Metric → its name in the chart.
    pub metrics: indexed::Map<String>,
}

/// A chart of what moved a stock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bridge {
    /// Its title.
    pub title: String,
    /// The stock.
    pub of: String,
    /// What moved it, in order.
    pub steps: Vec<Step>,
}

/// One movement of a bridge.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The metric that tells it.
    pub metric: String,
    /// Its name in the chart.
    pub name: String,
    /// Whether it takes away.
    #[serde(default)]
    pub takes: bool,
}

impl BoardPlan {
    /// Where a group stands; those not named stand behind.
    pub fn place_of_group(&self, group: &str) -> usize {
        place(self.groups.iter().map(|(name, _)| name), group)
    }

    /// Where a metric stands; those not named stand behind.
    pub fn place_of(&self, metric: &str) -> usize {
        place(self.groups.iter().flat_map(|(_, metrics)| metrics).map(String::as_str), metric)
    }

    /// Reads a plan, with a workspace's keys in place of its own. Whether its metrics exist is not looked at: that is for `Catalog::load`.
    pub fn parse(builtin: &str, own: Option<&str>) -> Result<Self, Problem> {
        let mut keys = read(builtin)?;
        if let Some(own) = own {
            keys.extend(read(own)?);
        }
        keys.try_into().map_err(unreadable)
    }

    /// Names of metrics that there are none of.
    pub(crate) fn check(&self, metrics: &BTreeMap<String, Metric>) -> Vec<Problem> {
        let headlines = self.headlines.iter().map(|metric| ("headlines".to_owned(), metric));
        let groups = self
            .groups
            .iter()
            .flat_map(|(group, metrics)| metrics.iter().map(move |metric| (format!("groups.{group}"), metric)));
        let trends = self
            .trends
            .iter()
            .flat_map(|trend| trend.metrics.0.iter().map(|(metric, _)| ("trends".to_owned(), metric)));
        let bridge = self.bridge.iter().flat_map(|bridge| {
            std::iter::once(("bridge.of".to_owned(), &bridge.of))
                .chain(bridge.steps.iter().map(|step| ("bridge.steps".to_owned(), &step.metric)))
        });
        let named = headlines.chain(groups).chain(trends).chain(bridge);
        named
            .filter(|(_, metric)| !metrics.contains_key(*metric))
            .map(|(key, metric)| {
                Problem::new(FILE, key, format!("there is no metric `{metric}`"), "`tenure explain` lists the metrics")
            })
            .collect()
    }
}

fn place<'a>(mut names: impl Iterator<Item = &'a str>, wanted: &str) -> usize {
    names.position(|name| name == wanted).unwrap_or(usize::MAX)
}

fn read(text: &str) -> Result<toml::Table, Problem> {
    nesting::check(text).map_err(|deep| Problem::new(FILE, "", deep.to_string(), "write it flat"))?;
    toml::from_str(text).map_err(unreadable)
}

fn unreadable(error: toml::de::Error) -> Problem {
    let what = error.to_string().trim().replace('\n', "\n  ");
    Problem::new(
        FILE,
        "",
        what,
        "its keys are headlines, groups, trends and bridge: CONTRIBUTING.md, \"Change the board\"",
    )
}

#[cfg(test)]
mod tests {
    use crate::{Catalog, CatalogFile};
    use tenure_schema::problem::Problems;

    fn with(text: &str) -> Result<Catalog, Problems> {
        Catalog::load(&[CatalogFile { path: "board.toml".into(), text: text.into() }])
    }

    #[test]
    fn every_built_in_metric_has_a_place() {
        let catalog = Catalog::builtin().unwrap();
        for metric in catalog.metrics() {
            let listed = catalog.board().groups.get(&metric.default.group);
            assert!(
                listed.is_some_and(|metrics| metrics.contains(&metric.id)),
                "{} has no place in its group",
                metric.id
            );
        }
    }

    #[test]
    fn a_workspace_replaces_a_key_and_keeps_the_rest() {
        let builtin = Catalog::builtin().unwrap();
        let own = with("headlines = [\"csat\"]").unwrap();
        assert_eq!(own.board().headlines, ["csat"]);
        assert_eq!(own.board().groups, builtin.board().groups);
        assert_eq!(own.hash(), builtin.hash(), "the order of the board changes no number");
    }

    #[test]
    fn a_wrong_name_or_key_is_told() {
        let error = with("headlines = [\"npss\"]").unwrap_err().to_string();
        assert!(error.starts_with("board.toml: headlines: there is no metric `npss`"), "{error}");
        let error = with("heads = []").unwrap_err().to_string();
        assert!(error.contains("heads") && error.contains("its keys are headlines"), "{error}");
    }
}
