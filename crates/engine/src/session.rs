//! Tables as queries see them: owners resolved, functions registered, each derived table computed once.

use crate::accounts::{Owners, VERSIONS};
use crate::asked::Asked;
use crate::data::Data;
use crate::error::EngineError;
use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema};
use datafusion::catalog::{MemoryCatalogProviderList, TableProvider};
use datafusion::datasource::MemTable;
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::prelude::{DataFrame, SessionConfig, SessionContext};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use tenure_catalog::{Catalog, DerivedTable, Subject, substitute};
use tenure_schema::as_of::Level;
use tenure_schema::settings::Settings;
use tenure_schema::table;
use tokio::sync::Mutex;

const CATALOG: &str = "tenure";
const SCHEMA: &str = "lake";

/// The attributes of accounts over time: the one table that the engine itself derives.
pub(crate) const ACCOUNT_VERSIONS: &str = "account_versions";

/// One lake version under one catalogue, at one level.
pub(crate) struct Session {
    data: Data,
    catalog: Arc<Catalog>,
    functions: SessionState,
    owners: Owners,
    settings: BTreeMap<&'static str, String>,
    computed: Mutex<HashMap<(String, Sight), Arc<dyn TableProvider>>>,
}

/// Whose rows a question sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sight {
    /// Customers' alone: nothing that colleagues answered or met about.
    Customers,
    /// Colleagues' too: only for metrics about staff, which are published cell by cell.
    Staff,
}

impl Sight {
    /// What a metric may see.
    pub(crate) fn of(subject: Subject) -> Self {
        match subject {
            Subject::Account => Self::Customers,
            Subject::Staff => Self::Staff,
        }
    }
}

/// Derived tables as they are for one `asked`, by name.
pub(crate) type Told = Mutex<HashMap<String, Arc<dyn TableProvider>>>;

/// How a question looks at tables.
#[derive(Clone, Copy)]
struct View<'a> {
    sight: Sight,
    /// Where derived tables that look at the asked period are kept; without it they are views, computed wherever they are read.
    told: Option<&'a Told>,
}

/// Tables in which colleagues answer or meet, and which of their rows are about customers.
const ABOUT_STAFF: [(&str, &str); 3] = [
    ("survey_responses", "survey_kind NOT IN ('enps', 'pulse') AND staff_id IS NULL"),
    ("survey_sends", "audience <> 'staff' AND survey_kind NOT IN ('enps', 'pulse') AND staff_id IS NULL"),
    ("interactions", "kind <> 'one_on_one'"),
];

impl Session {
    pub(crate) async fn open(
        data: Data,
        catalog: Arc<Catalog>,
        settings: Arc<Settings>,
        level: Level,
    ) -> Result<Self, EngineError> {
        let plain = SessionContext::new_with_config(config());
        for (name, table) in &data.tables {
            plain.register_table(*name, table.clone())?;
        }
        let owners = Owners::read(&plain, level).await?;
        let environment = crate::data::environment(&plain, settings.clone()).await?;
        let settings = named_settings(&settings);
        let functions = SessionContext::new_with_config(config());
        tenure_functions::register(&functions, &environment);
        if !owners.is_empty() {
            functions.register_udf(owners.function());
        }
        Ok(Self { data, catalog, functions: functions.state(), owners, settings, computed: Mutex::default() })
    }

    pub(crate) fn data(&self) -> &Data {
        &self.data
    }

    /// A context in which everything that `tables` need is registered; `asked` too, where there is a question.
    pub(crate) async fn context(
        &self,
        tables: impl IntoIterator<Item = &str>,
        asked: Option<&Asked>,
        sight: Sight,
    ) -> Result<SessionContext, EngineError> {
        self.context_of(tables, asked, View { sight, told: None }).await
    }

    /// The same for one of several queries of customers' rows over the same `asked`: a derived table that looks at it is computed once, whole.
    pub(crate) async fn context_telling(
        &self,
        tables: impl IntoIterator<Item = &str>,
        asked: &Asked,
        told: &Told,
    ) -> Result<SessionContext, EngineError> {
        self.context_of(tables, Some(asked), View { sight: Sight::Customers, told: Some(told) }).await
    }

    async fn context_of(
        &self,
        tables: impl IntoIterator<Item = &str>,
        asked: Option<&Asked>,
        view: View<'_>,
    ) -> Result<SessionContext, EngineError> {
        let context = self.empty_context();
        if let Some(asked) = asked {
            context.register_table("asked", Arc::new(asked.table()?))?;
        }
        let mut registered = BTreeSet::from(["asked".to_owned()]);
        for name in tables {
            self.register(&context, name, view, &mut registered).await?;
        }
        Ok(context)
    }

    /// A context with the functions and no tables: the functions are registered once, only the catalogue of tables is new.
    pub(crate) fn empty_context(&self) -> SessionContext {
        // The configuration of an existing state no longer asks for a default catalogue: it has one.
        let state = SessionStateBuilder::new_from_existing(self.functions.clone())
            .with_config(config())
            .with_catalog_list(Arc::new(MemoryCatalogProviderList::new()));
        SessionContext::new_with_state(state.build())
    }

    /// The value of a setting as SQL, for `$name`.
    pub(crate) fn setting(&self, name: &str) -> Option<String> {
        self.settings.get(name).cloned()
    }

    async fn register(
        &self,
        context: &SessionContext,
        name: &str,
        view: View<'_>,
        registered: &mut BTreeSet<String>,
    ) -> Result<(), EngineError> {
        if !registered.insert(name.to_owned()) {
            return Ok(());
        }
        let provider = match self.catalog.derived(name) {
            Some(derived) if self.is_asked(derived) => self.asked_table(context, derived, view, registered).await?,
            Some(derived) => self.computed(derived, view.sight).await?,
            None if name == ACCOUNT_VERSIONS => self.account_versions().await?,
            None => self.seen_table(context, name, view.sight).await?,
        };
        context.register_table(name, provider)?;
        Ok(())
    }

    /// A derived table that looks at the asked period, in a context that has `asked`.
    async fn asked_table(
        &self,
        context: &SessionContext,
        derived: &DerivedTable,
        view: View<'_>,
        registered: &mut BTreeSet<String>,
    ) -> Result<Arc<dyn TableProvider>, EngineError> {
        if let Some(told) = view.told
            && let Some(found) = told.lock().await.get(&derived.name)
        {
            return Ok(found.clone());
        }
        for inner in &derived.names.tables {
            Box::pin(self.register(context, inner, view, registered)).await?;
        }
        let frame = self.query(context, derived).await?;
        let Some(told) = view.told else { return Ok(frame.into_view()) };
        let table: Arc<dyn TableProvider> = Arc::new(collected(frame).await?);
        told.lock().await.insert(derived.name.clone(), table.clone());
        Ok(table)
    }

    /// Whether a derived table, or one that it reads, looks at the asked period.
    fn is_asked(&self, derived: &DerivedTable) -> bool {
        derived.reads_asked()
            || derived
                .names
                .tables
                .iter()
                .filter_map(|name| self.catalog.derived(name))
                .any(|inner| self.is_asked(inner))
    }

    /// Whether what a derived table holds depends on who looks.
    fn is_about_staff(&self, derived: &DerivedTable) -> bool {
        derived.names.tables.iter().any(|name| {
            ABOUT_STAFF.iter().any(|(table, _)| table == name)
                || self.catalog.derived(name).is_some_and(|inner| self.is_about_staff(inner))
        })
    }

    async fn computed(&self, derived: &DerivedTable, sight: Sight) -> Result<Arc<dyn TableProvider>, EngineError> {
        let sight = if self.is_about_staff(derived) { sight } else { Sight::Customers };
        if let Some(found) = self.computed.lock().await.get(&(derived.name.clone(), sight)) {
            return Ok(found.clone());
        }
        let inner = derived.names.tables.iter().map(String::as_str);
        let context = Box::pin(self.context(inner, None, sight)).await?;
        let frame = self.query(&context, derived).await?;
        self.keep(&derived.name, sight, frame).await
    }

    async fn account_versions(&self) -> Result<Arc<dyn TableProvider>, EngineError> {
        if let Some(found) = self.computed.lock().await.get(&(ACCOUNT_VERSIONS.to_owned(), Sight::Customers)) {
            return Ok(found.clone());
        }
        let context = self.empty_context();
        context.register_table("accounts", self.lake_table(&context, "accounts").await?)?;
        let frame = context.sql(VERSIONS).await?;
        self.keep(ACCOUNT_VERSIONS, Sight::Customers, frame).await
    }

    async fn keep(&self, name: &str, sight: Sight, frame: DataFrame) -> Result<Arc<dyn TableProvider>, EngineError> {
        let table: Arc<dyn TableProvider> = Arc::new(collected(frame).await?);
        self.computed.lock().await.insert((name.to_owned(), sight), table.clone());
        Ok(table)
    }

    async fn query(&self, context: &SessionContext, derived: &DerivedTable) -> Result<DataFrame, EngineError> {
        let wrong = |what: String| EngineError::Definition { file: derived.file.clone(), key: "SQL".to_owned(), what };
        let sql = substitute(&derived.sql, &|name| self.setting(name)).map_err(wrong)?;
        context.sql(&sql).await.map_err(|error| wrong(error.strip_backtrace()))
    }

    /// A lake table without the rows that a question may not see.
    async fn seen_table(
        &self,
        context: &SessionContext,
        name: &str,
        sight: Sight,
    ) -> Result<Arc<dyn TableProvider>, EngineError> {
        let table = self.lake_table(context, name).await?;
        let Some((_, seen)) = ABOUT_STAFF.iter().find(|(about, _)| sight == Sight::Customers && *about == name) else {
            return Ok(table);
        };
        let frame = context.read_table(table)?;
        let seen = frame.parse_sql_expr(seen)?;
        Ok(frame.filter(seen)?.into_view())
    }

    /// A lake table whose account columns name the owners of the rows.
    async fn lake_table(&self, context: &SessionContext, name: &str) -> Result<Arc<dyn TableProvider>, EngineError> {
        let provider = self.data.tables.get(name).cloned();
        let (Some(provider), Some(table)) = (provider, table::readable(name)) else {
            let what = format!("`{name}` is no table");
            return Err(EngineError::Definition { file: name.to_owned(), key: "FROM".to_owned(), what });
        };
        let owned = |column: &str| {
            name != "accounts" && table.column(column).is_some_and(|c| c.references.as_deref() == Some("accounts"))
        };
        if self.owners.is_empty() || !table.columns.iter().any(|column| owned(&column.name)) {
            return Ok(provider);
        }
        let columns: Vec<String> = provider.schema().fields().iter().map(|field| field.name().clone()).collect();
        let selected: Vec<String> = columns
            .iter()
            .map(|column| {
                if owned(column) {
                    format!("account_owner(\"{column}\") AS \"{column}\"")
                } else {
                    format!("\"{column}\"")
                }
            })
            .collect();
        let selected: Vec<&str> = selected.iter().map(String::as_str).collect();
        Ok(context.read_table(provider)?.select_exprs(&selected)?.into_view())
    }
}

/// A query's result as a table. What a batch says of its types stands; that a column may be null is said of every one, for plans and batches
/// differ in it.
async fn collected(frame: DataFrame) -> Result<MemTable, EngineError> {
    let planned = Arc::new(frame.schema().as_arrow().clone());
    let partitions = frame.collect_partitioned().await?;
    let first = partitions.iter().flatten().next().map_or(planned, RecordBatch::schema);
    let fields: Vec<Field> = first.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let nullable = |batch: RecordBatch| RecordBatch::try_new(schema.clone(), batch.columns().to_vec());
    let partitions = partitions
        .into_iter()
        .map(|batches| batches.into_iter().map(nullable).collect::<Result<Vec<_>, _>>())
        .collect::<Result<Vec<_>, _>>()?;
    Ok(MemTable::try_new(schema.clone(), partitions)?)
}

fn config() -> SessionConfig {
    let mut config =
        SessionConfig::new().with_information_schema(true).with_default_catalog_and_schema(CATALOG, SCHEMA);
    // A field of what a dear function tells (a fitted model) is taken from it where it is told; moved down to the function, each field would
    // call it anew. The lake's tables have no structs to gain by it.
    config.options_mut().optimizer.enable_leaf_expression_pushdown = false;
    config
}

fn named_settings(settings: &Settings) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("join_gap_days", settings.join_gap_days.to_string()),
        ("churn_grace_days", settings.churn_grace_days.to_string()),
        ("renewal_grace_days", settings.renewal_grace_days.to_string()),
        ("past_due_grace_days", settings.past_due_grace_days.to_string()),
        ("one_on_one_cadence", format!("'{}'", settings.one_on_one_cadence)),
        ("margin", format!("{:?}", settings.margin)),
        ("discount_rate", format!("{:?}", settings.discount_rate)),
        ("currency", format!("'{}'", settings.currency.code())),
    ])
}
