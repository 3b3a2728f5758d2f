//! The usual SELECT: its columns computed batch by batch, its failing rows found by halving.

use crate::validate::{json_value, short, shown};
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::{filter_record_batch, prep_null_mask_filter};
use arrow::datatypes::Int64Type;
use arrow::record_batch::RecordBatch;
use datafusion::common::Result as EngineResult;
use datafusion::common::tree_node::TreeNode;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::physical_plan::{ExecutionPlan, PhysicalExpr};
use datafusion::prelude::SessionContext;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A SELECT whose rows are computed one by one.
pub(super) struct RowByRow {
    /// What yields the columns that the expressions read.
    pub input: Arc<dyn ExecutionPlan>,
    filter: Option<Computed>,
    columns: Vec<Computed>,
}

struct Computed {
    name: String,
    expr: Arc<dyn PhysicalExpr>,
    /// The columns of the input that it reads.
    reads: Vec<usize>,
}

/// A row whose expression failed.
pub(super) struct FailedRow {
    /// The column of the SELECT; none where WHERE failed.
    pub column: Option<String>,
    /// What the expression read.
    pub value: Option<String>,
    /// Why it failed.
    pub error: DataFusionError,
    /// What could be computed of the row.
    pub record: Map<String, Value>,
    /// The file it came from.
    pub file: String,
    /// Its record number there.
    pub number: i64,
}

/// Splits a plan into what feeds its expressions and the expressions; none where it is not of the usual shape, or the engine
/// cannot run it with the driving relation flowing by.
pub(super) async fn split(
    context: &SessionContext,
    plan: &LogicalPlan,
    driving: &str,
) -> EngineResult<Option<RowByRow>> {
    let LogicalPlan::Projection(projection) = plan else { return Ok(None) };
    if projection.expr.iter().any(has_subquery) || !flows(&projection.input, driving) {
        return Ok(None);
    }
    let mut input = projection.input.as_ref();
    let mut filter = None;
    if let LogicalPlan::Filter(here) = input
        && !has_join(input)
        && !has_subquery(&here.predicate)
    {
        filter = Some(here.predicate.clone());
        input = &here.input;
    }
    let mut needed: Vec<Expr> = Vec::new();
    for expr in projection.expr.iter().chain(&filter) {
        for column in expr.column_refs() {
            let column = Expr::Column(column.clone());
            if !needed.contains(&column) {
                needed.push(column);
            }
        }
    }
    // The same order whatever the order of a set.
    needed.sort_by_key(ToString::to_string);
    let input = LogicalPlanBuilder::from(input.clone()).project(needed)?.build()?;
    let state = context.state();
    let schema = input.schema().clone();
    let simplify = SimplifyContext::builder()
        .with_schema(schema.clone())
        .with_config_options(state.config_options().clone())
        .with_query_execution_start_time(state.execution_props().query_execution_start_time)
        .build();
    let simplifier = ExprSimplifier::new(simplify);
    let compute = |name: String, expr: &Expr| -> EngineResult<Computed> {
        let mut reads: Vec<usize> =
            expr.column_refs().into_iter().filter_map(|column| schema.maybe_index_of_column(column)).collect();
        reads.sort_unstable();
        // Some functions (coalesce, nvl) exist only until they are simplified. What cannot be simplified fails on its row.
        let expr = simplifier.coerce(expr.clone(), &schema)?;
        let expr = simplifier.simplify(expr.clone()).unwrap_or(expr);
        Ok(Computed { name, expr: state.create_physical_expr(expr, &schema)?, reads })
    };
    let names = projection.schema.fields().iter().map(|field| field.name().clone());
    let columns = names.zip(&projection.expr).map(|(name, expr)| compute(name, expr)).collect::<EngineResult<_>>()?;
    let filter = filter.map(|filter| compute("WHERE".to_owned(), &filter)).transpose()?;
    let Ok(input) = state.create_physical_plan(&input).await else { return Ok(None) };
    Ok(Some(RowByRow { input, filter, columns }))
}

fn has_subquery(expr: &Expr) -> bool {
    let is = |expr: &Expr| {
        Ok(matches!(expr, Expr::ScalarSubquery(_) | Expr::Exists(_) | Expr::InSubquery(_) | Expr::SetComparison(_)))
    };
    expr.exists(is).unwrap_or(true)
}

fn has_join(plan: &LogicalPlan) -> bool {
    plan.exists(|plan| Ok(matches!(plan, LogicalPlan::Join(_)))).unwrap_or(true)
}

/// Whether every row of the plan is one row of the driving relation, in its order.
fn flows(plan: &LogicalPlan, driving: &str) -> bool {
    match plan {
        LogicalPlan::TableScan(scan) => scan.table_name.table() == driving,
        LogicalPlan::SubqueryAlias(alias) => flows(&alias.input, driving),
        LogicalPlan::Filter(filter) => flows(&filter.input, driving),
        LogicalPlan::Unnest(unnest) => flows(&unnest.input, driving),
        LogicalPlan::Join(join) => {
            let kept = matches!(
                join.join_type,
                JoinType::Inner | JoinType::Left | JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark
            );
            kept && flows(&join.left, driving)
        }
        _ => false,
    }
}

impl Computed {
    fn run(&self, batch: &RecordBatch) -> EngineResult<ArrayRef> {
        self.expr.evaluate(batch)?.into_array(batch.num_rows())
    }

    /// The rows on which it fails, and how.
    fn failures(
        &self,
        batch: &RecordBatch,
        from: usize,
        error: DataFusionError,
        found: &mut Vec<(usize, DataFusionError)>,
    ) {
        let count = batch.num_rows();
        if count <= 1 {
            found.push((from, error));
            return;
        }
        let half = count / 2;
        for (start, length) in [(0, half), (half, count - half)] {
            let part = batch.slice(start, length);
            if let Err(error) = self.run(&part) {
                self.failures(&part, from + start, error, found);
            }
        }
    }

    fn value(&self, batch: &RecordBatch, row: usize) -> Option<String> {
        let values = self.reads.iter().filter_map(|at| {
            let column = batch.columns().get(*at)?;
            let text = if column.is_null(row) { "null".to_owned() } else { short(&shown(column, row)) };
            Some((batch.schema_ref().field(*at).name().clone(), text))
        });
        match values.collect::<Vec<_>>().as_slice() {
            [] => None,
            [(_, only)] => Some(only.clone()),
            several => Some(several.iter().map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>().join(", ")),
        }
    }
}

impl RowByRow {
    /// Computes a batch: the columns of the rows that can be computed, and the rows that cannot.
    pub fn compute(&self, batch: RecordBatch) -> EngineResult<(Vec<ArrayRef>, Vec<FailedRow>)> {
        let mut failed = Vec::new();
        let mut batch = batch;
        if let Some(filter) = &self.filter {
            let keep = match filter.run(&batch) {
                Ok(keep) => keep,
                Err(error) => {
                    batch = self.without_failures(batch, &[(filter, error)], &mut failed)?;
                    filter.run(&batch)?
                }
            };
            let keep = keep
                .as_boolean_opt()
                .ok_or_else(|| DataFusionError::Plan("WHERE is neither true nor false".to_owned()))?;
            if keep.true_count() < batch.num_rows() {
                let keep = if keep.null_count() > 0 { prep_null_mask_filter(keep) } else { keep.clone() };
                batch = filter_record_batch(&batch, &keep)?;
            }
        }
        let mut errors = Vec::new();
        let mut columns = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            match column.run(&batch) {
                Ok(values) => columns.push(values),
                Err(error) => errors.push((column, error)),
            }
        }
        if errors.is_empty() {
            return Ok((columns, failed));
        }
        batch = self.without_failures(batch, &errors, &mut failed)?;
        let columns = self.columns.iter().map(|column| column.run(&batch)).collect::<EngineResult<_>>()?;
        Ok((columns, failed))
    }

    /// The batch without the rows on which these expressions fail; those are told of.
    fn without_failures(
        &self,
        batch: RecordBatch,
        errors: &[(&Computed, DataFusionError)],
        failed: &mut Vec<FailedRow>,
    ) -> EngineResult<RecordBatch> {
        let mut first: BTreeMap<usize, (&Computed, DataFusionError)> = BTreeMap::new();
        for (column, _) in errors {
            let mut found = Vec::new();
            if let Err(error) = column.run(&batch) {
                column.failures(&batch, 0, error, &mut found);
            }
            for (row, error) in found {
                first.entry(row).or_insert((column, error));
            }
        }
        if first.is_empty() {
            let words = "an expression fails on many rows at once and on none alone".to_owned();
            return Err(DataFusionError::Execution(words));
        }
        let good: BooleanArray = (0..batch.num_rows()).map(|row| Some(!first.contains_key(&row))).collect();
        for (row, (column, error)) in first {
            let input = batch.slice(row, 1);
            let is_where = self.filter.as_ref().is_some_and(|filter| std::ptr::eq(filter, column));
            let (file, number) = self.place(&input)?;
            failed.push(FailedRow {
                column: (!is_where).then(|| column.name.clone()),
                value: column.value(&batch, row),
                error,
                record: self.record(&input),
                file,
                number,
            });
        }
        Ok(filter_record_batch(&batch, &good)?)
    }

    /// The file and record number of one row: the last two columns.
    fn place(&self, row: &RecordBatch) -> EngineResult<(String, i64)> {
        let [.., file, number] = self.columns.as_slice() else { return Ok(Default::default()) };
        let (file, number) = (file.run(row)?, number.run(row)?);
        Ok((shown(&file, 0), number.as_primitive_opt::<Int64Type>().map(|number| number.value(0)).unwrap_or_default()))
    }

    /// What can be computed of one row; where an expression fails, the text that it read.
    fn record(&self, row: &RecordBatch) -> Map<String, Value> {
        let columns = self.columns.iter().filter(|column| !column.name.starts_with("__tenure_"));
        columns
            .map(|column| {
                let value = match column.run(row) {
                    Ok(values) => json_value(&values, 0),
                    Err(_) => column.value(row, 0).map_or(Value::Null, Value::String),
                };
                (column.name.clone(), value)
            })
            .collect()
    }
}
