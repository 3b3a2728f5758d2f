//! From the text of a SELECT to what is run.

use super::relations::Relations;
use super::rowwise::{RowByRow, split};
use super::session::{Cause, cause, session};
use crate::error::Problem;
use crate::read::{Keys, Relation, Watch};
use crate::source::{Source, TableMapping, Workspace};
use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    Expr, GroupByExpr, Ident, ObjectNamePart, Query, SelectItem, SetExpr, Statement as SqlStatement, TableFactor,
    visit_relations,
};
use std::ops::ControlFlow;
use std::sync::Arc;
use tenure_mapping::{Output, Select, bind, no_column};

/// A SELECT that is ready to run.
pub struct Plan {
    /// Where it stands, for messages.
    pub place: String,
    /// The relations it reads.
    pub relations: Vec<Arc<Relation>>,
    /// The relation whose records its rows are, if it is of the usual shape.
    pub driving: Option<Arc<Relation>>,
    /// The reading of the driving relation.
    pub watch: Watch,
    /// The reading of the others.
    pub others: Watch,
    pub(super) outputs: Vec<Output>,
    pub(super) shape: Shape,
    pub(super) context: SessionContext,
}

/// How a SELECT is run.
pub(super) enum Shape {
    /// Each row from one row of the driving relation.
    RowByRow(RowByRow),
    /// All at once.
    Whole(LogicalPlan),
}

/// Names that no file has, for the place of each row.
const FILE_OUT: &str = "__tenure_file";
const ROW_OUT: &str = "__tenure_row";

/// Parses and plans the SELECT of that number of a table's mapping. Its files are looked for, and their headers read.
pub async fn plan(
    source: &Source,
    mapping: &TableMapping,
    number: usize,
    workspace: &Workspace,
    keep_good: bool,
) -> Result<Plan, Problem> {
    let select = Select::read(source, mapping, number)?;
    let sql = mapping.selects.get(number).map(String::as_str).unwrap_or_default();
    let planner = Planner { source, mapping, workspace, keep_good, place: select.place.clone() };
    // With a star every key of JSON Lines counts, not only those at the beginning.
    let keys = if sql.contains('*') { Keys::All } else { Keys::Sampled };
    let open = |keys| {
        Relations::open(source, &workspace.root, keys, &|name| select.relations.iter().any(|named| named == name))
    };
    let relations = open(keys)?;
    match planner.plan(&select, &relations).await {
        // A key may stand further down only: that is worth a second look.
        Err(_) if keys == Keys::Sampled && relations.are_sampled() => planner.plan(&select, &open(Keys::All)?).await,
        outcome => outcome,
    }
}

struct Planner<'a> {
    source: &'a Source,
    mapping: &'a TableMapping,
    workspace: &'a Workspace,
    keep_good: bool,
    place: String,
}

impl Planner<'_> {
    async fn plan(&self, select: &Select, relations: &Relations) -> Result<Plan, Problem> {
        let query = select.with_columns(&relations.columns());
        let (watch, others) = (Watch::new(self.keep_good), Watch::new(self.keep_good));
        if let Some((driving, qualifier)) = driving(&query, relations) {
            let name = driving.set.name.as_str();
            let mut placed = query.clone();
            add_place(&mut placed, qualifier);
            let context = self.session(relations, Some((name, &watch)), &others)?;
            if let Ok(plan) = logical(&context, &placed).await {
                let mut names = output_names(&plan);
                names.truncate(names.len().saturating_sub(2));
                let mut outputs = bind(self.mapping, &self.place, &names)?;
                outputs.extend([Output::File, Output::Row]);
                // With a join the driving relation flows by; where the engine cannot do that, or there is none, it need not.
                if let Some(by_row) = split(&context, &plan, name).await.map_err(|error| self.engine(&error))? {
                    return Ok(self.ready(
                        relations,
                        Some(driving),
                        (watch, others),
                        outputs,
                        Shape::RowByRow(by_row),
                        context,
                    ));
                }
                let context = self.session(relations, None, &others)?;
                let plan = logical(&context, &placed).await.map_err(|error| self.engine(&error))?;
                if let Some(by_row) = split(&context, &plan, name).await.map_err(|error| self.engine(&error))? {
                    return Ok(self.ready(
                        relations,
                        Some(driving),
                        (watch, others),
                        outputs,
                        Shape::RowByRow(by_row),
                        context,
                    ));
                }
                return Ok(self.ready(relations, None, (watch, others), outputs, Shape::Whole(plan), context));
            }
        }
        let context = self.session(relations, None, &others)?;
        let plan = logical(&context, &query).await.map_err(|error| self.engine(&error))?;
        let outputs = bind(self.mapping, &self.place, &output_names(&plan))?;
        Ok(self.ready(relations, None, (watch, others), outputs, Shape::Whole(plan), context))
    }

    fn session(
        &self,
        relations: &Relations,
        flows: Option<(&str, &Watch)>,
        others: &Watch,
    ) -> Result<SessionContext, Problem> {
        let settings = &self.workspace.settings;
        session(relations, settings, &self.source.timezone, flows, others).map_err(|error| self.engine(&error))
    }

    fn ready(
        &self,
        relations: &Relations,
        driving: Option<Arc<Relation>>,
        (watch, others): (Watch, Watch),
        outputs: Vec<Output>,
        shape: Shape,
        context: SessionContext,
    ) -> Plan {
        let (place, relations) = (self.place.clone(), relations.all.clone());
        Plan { place, relations, driving, watch, others, outputs, shape, context }
    }

    /// The problem behind an error of planning.
    fn engine(&self, error: &DataFusionError) -> Problem {
        if let DataFusionError::SchemaError(schema, _) = error.find_root()
            && let SchemaError::FieldNotFound { field, valid_fields } = schema.as_ref()
        {
            let mut relations: Vec<String> = Vec::new();
            let mut columns: Vec<String> = Vec::new();
            let hidden = |name: &str| matches!(name, "_file" | "_row" | FILE_OUT | ROW_OUT);
            for valid in valid_fields.iter().filter(|valid| !hidden(valid.name())) {
                let relation = valid.relation.as_ref().map(|relation| relation.table().to_owned());
                if let Some(relation) = relation.filter(|relation| !relations.contains(relation)) {
                    relations.push(relation);
                }
                if !columns.contains(&valid.name) {
                    columns.push(valid.name.clone());
                }
            }
            return no_column(&self.place, &field.name, &relations, &columns);
        }
        match cause(error) {
            Cause::Problem(problem) => problem,
            Cause::Engine(words) => {
                Problem::new(&self.place, format!("cannot be planned: {words}"), "correct the SELECT")
            }
        }
    }
}

async fn logical(context: &SessionContext, query: &Query) -> Result<LogicalPlan, DataFusionError> {
    let statement = Statement::Statement(Box::new(SqlStatement::Query(Box::new(query.clone()))));
    context.state().statement_to_plan(statement).await
}

fn output_names(plan: &LogicalPlan) -> Vec<String> {
    plan.schema().fields().iter().map(|field| field.name().clone()).collect()
}

/// The relation that a SELECT's FROM names first, and what its columns are qualified with; none where a row of the result is
/// not one of that relation.
fn driving(query: &Query, relations: &Relations) -> Option<(Arc<Relation>, Ident)> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    let grouped = !matches!(&select.group_by, GroupByExpr::Expressions(by, _) if by.is_empty());
    if select.distinct.is_some() || select.top.is_some() || select.having.is_some() || grouped {
        return None;
    }
    let TableFactor::Table { name, alias, .. } = &select.from.first()?.relation else { return None };
    let [ObjectNamePart::Identifier(ident)] = name.0.as_slice() else { return None };
    let own = query.with.iter().flat_map(|with| &with.cte_tables).any(|cte| cte.alias.name.value == ident.value);
    let mut mentions = 0;
    let _ = visit_relations(query, |mentioned| {
        mentions += usize::from(mentioned == name);
        ControlFlow::<()>::Continue(())
    });
    if own || mentions != 1 {
        return None;
    }
    let relation = relations.get(&ident.value)?.clone();
    Some((relation, alias.as_ref().map_or_else(|| ident.clone(), |alias| alias.name.clone())))
}

/// Adds each row's file and record number to what a SELECT yields.
fn add_place(query: &mut Query, qualifier: Ident) {
    if let SetExpr::Select(select) = query.body.as_mut() {
        for (column, name) in [("_file", FILE_OUT), ("_row", ROW_OUT)] {
            let expr = Expr::CompoundIdentifier(vec![qualifier.clone(), Ident::with_quote('"', column)]);
            select.projection.push(SelectItem::ExprWithAlias { expr, alias: Ident::with_quote('"', name) });
        }
    }
}
