//! A source's relations, as tables that the engine can scan.

use crate::error::Problem;
use crate::read::{Keys, Relation, Watch};
use crate::source::{Format, Source};
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::Result as EngineResult;
use datafusion::error::DataFusionError;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The relations of one source, by name, their columns known.
#[derive(Debug, Clone)]
pub struct Relations {
    /// In the order of the source's file.
    pub all: Vec<Arc<Relation>>,
}

impl Relations {
    /// Finds all files of a source and learns their columns; the relations named only.
    pub fn open(source: &Source, root: &Path, keys: Keys, named: &dyn Fn(&str) -> bool) -> Result<Relations, Problem> {
        let sets = source.files.iter().filter(|set| named(&set.name));
        let all = sets.map(|set| Relation::open(set, root, keys).map(Arc::new)).collect::<Result<_, _>>()?;
        Ok(Relations { all })
    }

    /// The relation of that name.
    pub fn get(&self, name: &str) -> Option<&Arc<Relation>> {
        self.all.iter().find(|relation| relation.set.name == name)
    }

    /// The names of all columns, sorted.
    pub fn columns(&self) -> Vec<&str> {
        let fields = self.all.iter().flat_map(|relation| relation.schema.fields());
        let names: BTreeSet<&str> = fields.map(|field| field.name().as_str()).collect();
        names.into_iter().collect()
    }

    /// Whether some columns may not be known yet, because only the beginning was looked at.
    pub fn are_sampled(&self) -> bool {
        self.all.iter().any(|relation| matches!(relation.set.format, Format::JsonLines(_)))
    }
}

/// A relation as the engine sees it.
#[derive(Debug)]
pub(super) struct Scan {
    pub relation: Arc<Relation>,
    pub watch: Watch,
    /// Told to be endless, so that a join keeps the other side in memory and lets this one flow by in order.
    pub flows: bool,
}

#[async_trait]
impl TableProvider for Scan {
    fn schema(&self) -> SchemaRef {
        self.relation.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        limit: Option<usize>,
    ) -> EngineResult<Arc<dyn ExecutionPlan>> {
        let wanted = projection.cloned().unwrap_or_else(|| (0..self.relation.schema.fields().len()).collect());
        let schema = Arc::new(self.relation.schema.project(&wanted)?);
        let stream =
            Stream { relation: self.relation.clone(), watch: self.watch.clone(), wanted, schema: schema.clone() };
        let exec = StreamingTableExec::try_new(schema, vec![Arc::new(stream)], None, [], self.flows, limit)?;
        Ok(Arc::new(exec))
    }
}

#[derive(Debug)]
struct Stream {
    relation: Arc<Relation>,
    watch: Watch,
    wanted: Vec<usize>,
    schema: SchemaRef,
}

impl PartitionStream for Stream {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut builder = RecordBatchReceiverStreamBuilder::new(self.schema.clone(), 2);
        let (relation, watch, wanted, out) =
            (self.relation.clone(), self.watch.clone(), self.wanted.clone(), builder.tx());
        builder.spawn_blocking(move || {
            let outcome = relation.read(&wanted, &watch, &mut |batch| out.blocking_send(Ok(batch)).is_ok());
            outcome.map_err(|problem| DataFusionError::External(Box::new(problem)))
        });
        builder.build()
    }
}
