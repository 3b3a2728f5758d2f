//! The one call that every face makes.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::data::Data;
use crate::error::EngineError;
use crate::evaluate::Ask;
use crate::question::{MetricRef, Question};
use crate::session::{ACCOUNT_VERSIONS, Session, Sight};
use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::error::DataFusionError;
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;
use tenure_catalog::{Catalog, Definition, DerivedTable, Metric};
use tenure_lake::Snapshot;
use tenure_schema::as_of::Level;
use tenure_schema::period::Clock;
use tenure_schema::settings::Settings;

/// Metrics that are computed at the same time.
const AT_ONCE: usize = 4;

/// One lake version, one catalogue, one level: everything that is asked of it agrees.
pub struct Engine {
    catalog: Arc<Catalog>,
    settings: Arc<Settings>,
    session: Session,
    extra_attributes: BTreeSet<String>,
    hash: String,
}

/// A metric in one definition.
pub(crate) struct Bound<'a> {
    pub(crate) metric: &'a Metric,
    pub(crate) variant: String,
    pub(crate) definition: &'a Definition,
}

impl Bound<'_> {
    /// What the query engine says of a definition, told by file and key.
    pub(crate) fn wrong(&self, key: &str, error: &DataFusionError) -> EngineError {
        self.says(key, error.strip_backtrace())
    }

    pub(crate) fn says(&self, key: &str, what: String) -> EngineError {
        EngineError::Definition { file: self.metric.file.clone(), key: key.to_owned(), what }
    }
}

impl Engine {
    /// An engine over a snapshot of the lake.
    pub async fn open(
        snapshot: &Snapshot,
        catalog: Arc<Catalog>,
        settings: Arc<Settings>,
        level: Level,
    ) -> Result<Self, EngineError> {
        Self::over(Data::of(snapshot).await?, catalog, settings, level).await
    }

    /// An engine over tables, wherever they come from.
    pub async fn over(
        mut data: Data,
        catalog: Arc<Catalog>,
        settings: Arc<Settings>,
        level: Level,
    ) -> Result<Self, EngineError> {
        if let Some(stated) = settings.data_through {
            data.data_through.values_mut().for_each(|through| *through = stated);
        }
        let hash = fingerprint(&catalog, &settings);
        let session = Session::open(data, catalog.clone(), settings.clone(), level).await?;
        let extra_attributes = read_extra_attributes(&session).await?;
        Ok(Self { catalog, settings, session, extra_attributes, hash })
    }

    /// Every metric and derived table there is.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The workspace's settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The clock that periods are read by.
    pub fn clock(&self) -> Clock {
        self.settings.clock()
    }

    /// The lake version read.
    pub fn lake_version(&self) -> u64 {
        self.session.data().version
    }

    /// Hash of every definition and setting in force.
    pub fn catalogue_hash(&self) -> &str {
        &self.hash
    }

    /// The earliest data-through among the tables that these metrics read; none where nothing was imported into any.
    pub fn observed_to(&self, metrics: &[MetricRef]) -> Option<Timestamp> {
        metrics
            .iter()
            .filter_map(|metric| self.bind(metric).ok())
            .filter_map(|bound| self.observed(bound.definition))
            .min()
    }

    /// Answers a question: cells in the order of its metrics, then periods, segments sorted.
    pub async fn answer(&self, question: &Question) -> Result<Answer, EngineError> {
        let ask = Ask::of(question);
        let bound: Vec<Bound<'_>> =
            question.metrics.iter().map(|metric| self.bind(metric)).collect::<Result<_, _>>()?;
        self.check_conditions(&question.metrics, &question.filter).await?;
        let runs = bound.iter().map(|bound| self.cells(bound, &ask));
        let cells: Vec<Vec<_>> = futures::stream::iter(runs).buffered(AT_ONCE).try_collect().await?;
        let cells = cells.into_iter().flatten().collect();
        Ok(Answer { cells, catalogue: self.hash.clone(), lake_version: self.lake_version() })
    }

    /// A metric in the definition asked for, chosen by the workspace, or its own.
    pub(crate) fn bind(&self, reference: &MetricRef) -> Result<Bound<'_>, EngineError> {
        let metric = self.catalog.metric(&reference.id).ok_or_else(|| EngineError::UnknownMetric {
            id: reference.id.clone(),
            similar: self.catalog.similar(&reference.id).into_iter().map(str::to_owned).collect(),
        })?;
        let variant = reference.variant.as_deref().or(self.settings.choices.get(&metric.id).map(String::as_str));
        let definition = metric.definition(variant).ok_or_else(|| EngineError::UnknownVariant {
            metric: metric.id.clone(),
            variant: variant.unwrap_or_default().to_owned(),
            known: std::iter::once("default".to_owned()).chain(metric.variants.iter().map(|v| v.id.clone())).collect(),
        })?;
        Ok(Bound { metric, variant: variant.unwrap_or("default").to_owned(), definition })
    }

    /// The derived tables behind a table, its own included, each after those that it reads.
    pub(crate) fn derived_behind(&self, name: &str) -> Vec<&DerivedTable> {
        let mut found: Vec<&DerivedTable> = Vec::new();
        if let Some(table) = self.catalog.derived(name) {
            for inner in &table.names.tables {
                for behind in self.derived_behind(inner) {
                    if !found.iter().any(|known| known.name == behind.name) {
                        found.push(behind);
                    }
                }
            }
            found.push(table);
        }
        found
    }

    /// The columns of a table, as queries see them.
    pub(crate) async fn columns_of(&self, name: &str) -> Result<Vec<String>, EngineError> {
        let asked = Asked::new(&[], None, Timestamp::UNIX_EPOCH, &self.clock())?;
        let schema =
            self.session.context([name], Some(&asked), Sight::Staff).await?.table_provider(name).await?.schema();
        Ok(schema.fields().iter().map(|field| field.name().clone()).collect())
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    pub(crate) fn extra_attributes(&self) -> &BTreeSet<String> {
        &self.extra_attributes
    }

    /// World time for a metric; where nothing was imported, the earliest of what was.
    pub(crate) fn world_time(&self, bound: &Bound<'_>, now: Option<Timestamp>) -> Timestamp {
        let earliest = || self.session.data().data_through.values().min().copied();
        now.or_else(|| self.observed(bound.definition)).or_else(earliest).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn observed(&self, definition: &Definition) -> Option<Timestamp> {
        let through = &self.session.data().data_through;
        if definition.observed_by.is_empty() {
            let tables = self.catalog.lake_tables(definition);
            return tables.iter().filter_map(|table| through.get(table)).min().copied();
        }
        definition.observed_by.iter().filter_map(|table| through.get(table.as_str())).min().copied()
    }
}

fn fingerprint(catalog: &Catalog, settings: &Settings) -> String {
    let mut digest = Sha256::new();
    digest.update(catalog.hash());
    digest.update(settings.fingerprint_text());
    digest.update(env!("CARGO_PKG_VERSION"));
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Keys that occur in `accounts.attributes`.
async fn read_extra_attributes(session: &Session) -> Result<BTreeSet<String>, EngineError> {
    let context = session.context([ACCOUNT_VERSIONS], None, Sight::Customers).await?;
    let sql = format!("SELECT DISTINCT attributes FROM {ACCOUNT_VERSIONS} WHERE attributes IS NOT NULL");
    let mut keys = BTreeSet::new();
    for batch in context.sql(&sql).await?.collect().await? {
        let texts = cast(batch.column(0), &DataType::Utf8)?;
        for text in texts.as_string::<i32>().iter().flatten() {
            if let Ok(serde_json::Value::Object(object)) = serde_json::from_str(text) {
                keys.extend(object.into_iter().map(|(key, _)| key));
            }
        }
    }
    Ok(keys)
}
