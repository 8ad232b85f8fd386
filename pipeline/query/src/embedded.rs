//! The engine inside the program: DataFusion, confined. It knows the registered tables and nothing else: no files by
//! name, no table functions, no clock or locale in its settings. Its answers do not depend on the number of threads.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{
    CatalogProvider as _, MemoryCatalogProvider, MemoryCatalogProviderList, MemorySchemaProvider,
    TableProvider,
};
use datafusion::common::TableReference;
use datafusion::common::tree_node::Transformed;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::ViewTable;
use datafusion::datasource::empty::EmptyTable;
use datafusion::datasource::file_format::parquet::{ParquetFormat, ParquetFormatFactory};
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::{FairSpillPool, UnboundedMemoryPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::{Expr, LogicalPlan, Sort, SortExpr};
use datafusion::object_store::ObjectStoreExt as _;
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast;
use futures::StreamExt as _;
use model::{Diagnostic, Place};

use crate::engine::{Batches, Engine, EngineError, Location};
use crate::keys::Keys;
use crate::name::TableName;
use crate::parse::{Parsed, parse};
use crate::source::Query;
use crate::{exact, rows};

const CATALOG: &str = "mantianxing";

/// The planner walks deep expressions by recursion, and most of it runs on worker threads.
const STACK: usize = 64 << 20;

/// How the engine runs. None of it changes an answer.
#[derive(Clone, Debug)]
pub struct Options {
    /// Worker threads and parallel parts of a query.
    pub threads: usize,
    /// Bytes the queries may hold before they spill to disk; absent: no limit.
    pub memory_limit: Option<usize>,
    /// Where they spill; absent: the system's folder.
    pub spill_folder: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { threads: 1, memory_limit: None, spill_folder: None }
    }
}

/// The embedded engine. Not to be used from inside an async runtime: its calls block. Several may work
/// [side by side](Embedded::beside).
pub struct Embedded {
    context: SessionContext,
    catalog: Arc<MemoryCatalogProvider>,
    /// The files under each table. The engine lists them when a query runs and takes a lost one for an empty one;
    /// so they are looked for before.
    files: BTreeMap<TableName, Vec<ListingTableUrl>>,
    /// What tells the rows of tables apart, where it is known.
    pub(crate) keys: Keys,
    shared: Arc<Shared>,
}

/// What engines side by side have in common besides the memory they may hold.
struct Shared {
    runtime: tokio::runtime::Runtime,
    /// Held for reading by every query that runs, for writing by one that must run alone.
    company: RwLock<()>,
}

impl Embedded {
    /// An engine without tables.
    ///
    /// # Errors
    /// The system gives no threads or no folder to spill to.
    pub fn new(options: &Options) -> Result<Self, EngineError> {
        let threads = options.threads.max(1);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_stack_size(STACK)
            .enable_all()
            .build()
            .map_err(|error| EngineError::Stopped(error.to_string()))?;

        let mut config = SessionConfig::new()
            .with_target_partitions(threads)
            .with_default_catalog_and_schema(CATALOG, "none");
        let settings = config.options_mut();
        settings.catalog.create_default_catalog_and_schema = false;
        settings.sql_parser.collect_spans = true;
        // 1.5 is a DECIMAL, as standard SQL and other engines have it.
        settings.sql_parser.parse_float_as_decimal = true;
        settings.sql_parser.map_string_types_to_utf8view = false;
        settings.execution.parquet.schema_force_view_types = false;
        settings.execution.time_zone = Some("+00:00".to_owned());

        let mut environment = RuntimeEnvBuilder::new();
        if let Some(limit) = options.memory_limit {
            environment = environment.with_memory_pool(Arc::new(FairSpillPool::new(limit)));
        }
        if let Some(folder) = &options.spill_folder {
            environment = environment.with_temp_file_path(folder);
        }
        let state = SessionStateBuilder::new_with_default_features()
            .with_config(config)
            .with_runtime_env(environment.build_arc().map_err(EngineError::plan)?)
            .with_file_formats(vec![Arc::new(ParquetFormatFactory::new())])
            .with_table_function_list(Vec::new())
            .build();
        Ok(Self::of(state, Arc::new(Shared { runtime, company: RwLock::new(()) })))
    }

    /// Another engine without tables, on the same threads and within the same memory: the two may be asked at once. A
    /// query that finds no memory left beside others runs again when they are through, so that company changes no answer.
    pub fn beside(&self) -> Self {
        let catalogs = Arc::new(MemoryCatalogProviderList::new());
        let state = SessionStateBuilder::new_from_existing(self.context.state());
        Self::of(state.with_catalog_list(catalogs).build(), Arc::clone(&self.shared))
    }

    fn of(state: SessionState, shared: Arc<Shared>) -> Self {
        let context = SessionContext::new_with_state(state);
        let catalog = Arc::new(MemoryCatalogProvider::new());
        context.register_catalog(CATALOG, Arc::clone(&catalog) as _);
        Self { context, catalog, files: BTreeMap::new(), keys: Keys::new(), shared }
    }

    /// Runs a query and returns one batch in plain types, its rows sorted by all columns in their order, NULLs first.
    ///
    /// # Errors
    /// The first thing wrong in the query, or what stopped it.
    pub fn select(&self, query: &Query) -> Result<Vec<RecordBatch>, Box<Diagnostic>> {
        let parsed = parse(query).map_err(|wrong| first(&EngineError::Refused(wrong), query))?;
        self.select_parsed(&parsed)
    }

    /// The same of a query that was parsed before.
    ///
    /// # Errors
    /// As [`select`](Self::select).
    pub fn select_parsed(&self, parsed: &Parsed) -> Result<Vec<RecordBatch>, Box<Diagnostic>> {
        self.collect(parsed)
            .and_then(|batch| rows::total_order(&batch).map_err(EngineError::execution))
            .map_or_else(|error| Err(first(&error, &parsed.query)), |batch| Ok(vec![batch]))
    }

    /// Runs a query and returns one batch in plain types, its rows in the query's own order; where that leaves rows
    /// equal, the other columns decide. Only for queries that pass [`crate::lint::must_be_ordered`].
    ///
    /// # Errors
    /// The first thing wrong in the query, or what stopped it.
    pub fn select_as_written(&self, query: &Query) -> Result<Vec<RecordBatch>, Box<Diagnostic>> {
        parse(query)
            .map_err(EngineError::Refused)
            .and_then(|parsed| self.collect(&parsed))
            .map_or_else(|error| Err(first(&error, query)), |batch| Ok(vec![batch]))
    }

    /// The plan of a parsed query, every name and type resolved, all types brought together, nothing optimised.
    ///
    /// # Errors
    /// What the planner finds wrong.
    pub fn analyse(&self, parsed: &Parsed) -> Result<LogicalPlan, EngineError> {
        let plan = self.written(parsed)?;
        let state = self.context.state();
        // On a worker, whose stack is deep enough for long expressions.
        self.wait(async move { state.analyzer().execute_and_check(plan, state.config_options(), |_, _| {}) })?
            .map_err(EngineError::plan)
    }

    /// The plan of a parsed query with every name resolved and no type changed: what the rules look at.
    ///
    /// # Errors
    /// What the planner finds wrong.
    pub fn written(&self, parsed: &Parsed) -> Result<LogicalPlan, EngineError> {
        let state = self.context.state();
        let statement = Statement::Statement(Box::new(ast::Statement::Query(parsed.select.clone())));
        self.wait(async move { state.statement_to_plan(statement).await })?.map_err(EngineError::plan)
    }

    /// The plan of a parsed query as it would run, not optimised.
    pub(crate) fn planned(&self, parsed: &Parsed) -> Result<LogicalPlan, EngineError> {
        self.see_files(parsed)?;
        break_ties(self.written(parsed)?).map_err(EngineError::plan)
    }

    /// A plan optimised, every subquery turned into a join.
    pub(crate) fn optimised(&self, plan: LogicalPlan) -> Result<LogicalPlan, EngineError> {
        let state = self.context.state();
        let mut config = state.config().clone();
        config.options_mut().optimizer.enable_physical_uncorrelated_scalar_subquery = false;
        let state = SessionStateBuilder::new_from_existing(state).with_config(config).build();
        self.wait(async move { state.optimize(&plan) })?.map_err(EngineError::plan)
    }

    /// The state for plans of thousands of nodes over few rows: in one part, because dealing rows out to threads at every
    /// join would take longer than the joins; and without a limit on memory, because the limit is shared out among all
    /// joins and sorts of a plan, and a thousandth of it is too little for the one that holds rows.
    pub(crate) fn alone(&self) -> Result<SessionState, EngineError> {
        let state = self.context.state();
        let config = state.config().clone().with_target_partitions(1);
        let unlimited = Arc::new(UnboundedMemoryPool::default());
        let environment = RuntimeEnvBuilder::from_runtime_env(&self.context.runtime_env())
            .with_memory_pool(unlimited)
            .build_arc()
            .map_err(EngineError::plan)?;
        Ok(SessionStateBuilder::new_from_existing(state)
            .with_config(config)
            .with_runtime_env(environment)
            .build())
    }

    /// What stands behind a name.
    pub(crate) fn provider(&self, name: &TableName) -> Result<Arc<dyn TableProvider>, EngineError> {
        let (context, reference) = (self.context.clone(), reference(name));
        self.wait(async move { context.table_provider(reference).await })?.map_err(EngineError::plan)
    }

    /// Another provider of the same rows.
    pub(crate) fn replace(
        &mut self,
        name: &TableName,
        table: Arc<dyn TableProvider>,
    ) -> Result<(), EngineError> {
        let files = self.files.get(name).cloned().unwrap_or_default();
        self.put(name, table, files)
    }

    fn see_files(&self, parsed: &Parsed) -> Result<(), EngineError> {
        let files = self.files_of(parsed);
        let environment = self.context.runtime_env();
        self.wait(async move {
            for url in files {
                let store = environment.object_store(&url).map_err(EngineError::execution)?;
                let found = store.head(url.prefix()).await;
                found.map_err(|error| EngineError::Address {
                    url: url.to_string(),
                    reason: error.to_string(),
                })?;
            }
            Ok(())
        })?
    }

    fn frame(&self, parsed: &Parsed) -> Result<DataFrame, EngineError> {
        let plan = exact::sums(self.planned(parsed)?).map_err(EngineError::plan)?;
        Ok(DataFrame::new(self.context.state(), plan))
    }

    fn files_of(&self, parsed: &Parsed) -> Vec<ListingTableUrl> {
        parsed.tables.iter().filter_map(|used| self.files.get(&used.name)).flatten().cloned().collect()
    }

    fn collect(&self, parsed: &Parsed) -> Result<RecordBatch, EngineError> {
        let frame = self.frame(parsed)?;
        let schema = rows::plain_schema(frame.schema().as_arrow());
        let in_company = {
            let _others = self.shared.company.read().unwrap_or_else(PoisonError::into_inner);
            self.wait(frame.clone().collect())?
        };
        let batches = match in_company {
            Err(error) if matches!(error.find_root(), DataFusionError::ResourcesExhausted(_)) => {
                let _alone = self.shared.company.write().unwrap_or_else(PoisonError::into_inner);
                self.wait(frame.collect())?
            }
            other => other,
        };
        let batches = batches.map_err(EngineError::execution)?;
        rows::one_batch(&schema, &batches).map_err(EngineError::execution)
    }

    /// Runs on a worker thread; a panic there becomes an error here.
    pub(crate) fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, EngineError> {
        let handle = self.shared.runtime.spawn(work);
        self.shared.runtime.block_on(handle).map_err(|error| EngineError::Stopped(error.to_string()))
    }

    fn put(
        &mut self,
        name: &TableName,
        table: Arc<dyn TableProvider>,
        files: Vec<ListingTableUrl>,
    ) -> Result<(), EngineError> {
        if self.catalog.schema(name.schema()).is_none() {
            let schema = Arc::new(MemorySchemaProvider::new());
            self.catalog.register_schema(name.schema(), schema).map_err(EngineError::plan)?;
        }
        let reference = reference(name);
        self.context.deregister_table(reference.clone()).map_err(EngineError::plan)?;
        self.context.register_table(reference, table).map_err(EngineError::plan)?;
        self.files.insert(name.clone(), files);
        Ok(())
    }
}

fn reference(name: &TableName) -> TableReference {
    TableReference::full(CATALOG, name.schema(), name.table())
}

impl Engine for Embedded {
    fn register(&mut self, name: &TableName, at: &Location) -> Result<(), EngineError> {
        if at.urls.is_empty() {
            return self.put(name, Arc::new(EmptyTable::new(Arc::clone(&at.schema))), Vec::new());
        }
        let urls = at.urls.iter().map(|url| address(url)).collect::<Result<Vec<_>, _>>()?;
        let options = ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension("");
        let config = ListingTableConfig::new_with_multi_paths(urls.clone())
            .with_listing_options(options)
            .with_schema(Arc::clone(&at.schema));
        let seen = self.context.runtime_env().cache_manager.get_file_statistic_cache();
        let table = ListingTable::try_new(config).map_err(EngineError::plan)?.with_cache(seen);
        self.put(name, Arc::new(table), urls)
    }

    fn register_view(&mut self, name: &TableName, sql: &str) -> Result<(), EngineError> {
        let parsed = asked(sql)?;
        let (plan, files) = (self.written(&parsed)?, self.files_of(&parsed));
        self.put(name, Arc::new(ViewTable::new(plan, Some(sql.to_owned()))), files)
    }

    fn schema_of(&self, sql: &str) -> Result<SchemaRef, EngineError> {
        Ok(rows::plain_schema(self.analyse(&asked(sql)?)?.schema().as_arrow()))
    }

    fn execute(&self, sql: &str) -> Result<Batches<'_>, EngineError> {
        let frame = self.frame(&asked(sql)?)?;
        let schema = rows::plain_schema(frame.schema().as_arrow());
        let mut stream = Some(self.wait(frame.execute_stream())?.map_err(EngineError::execution)?);
        Ok(Box::new(std::iter::from_fn(move || {
            let mut running = stream.take()?;
            let waited = self.wait(async move {
                let next = running.next().await;
                (running, next)
            });
            match waited {
                Ok((running, Some(Ok(batch)))) => {
                    stream = Some(running);
                    Some(rows::cast_batch(&batch, &schema).map_err(EngineError::execution))
                }
                Ok((_, Some(Err(error)))) => Some(Err(EngineError::execution(error))),
                Ok((_, None)) => None,
                Err(error) => Some(Err(error)),
            }
        })))
    }
}

fn first(error: &EngineError, query: &Query) -> Box<Diagnostic> {
    let told = error.diagnostics(query).into_iter().next();
    Box::new(
        told.unwrap_or_else(|| Diagnostic::new("sql-engine", Place::file(&query.file)).with("reason", error)),
    )
}

/// A text without a file: what a terminal or another stage asks.
pub(crate) fn asked(sql: &str) -> Result<Parsed, EngineError> {
    let name = TableName::new("ad_hoc", "query").ok_or_else(|| EngineError::Stopped("no name".to_owned()))?;
    parse(&Query { name, file: String::new(), text: sql.to_owned() }).map_err(EngineError::Refused)
}

/// Only whole addresses of files: anything else would be a pattern or a folder.
fn address(url: &str) -> Result<ListingTableUrl, EngineError> {
    let refuse = |reason: String| EngineError::Address { url: url.to_owned(), reason };
    if !url.contains("://") || url.ends_with('/') || url.contains('*') {
        return Err(refuse("not the address of one file".to_owned()));
    }
    ListingTableUrl::parse(url).map_err(|error| refuse(crate::errors::words(&error)))
}

/// Every ORDER BY is completed by the columns it does not name, so that which of two equal rows comes first, and
/// which one a LIMIT cuts off, does not depend on the threads.
fn break_ties(plan: LogicalPlan) -> Result<LogicalPlan, DataFusionError> {
    let completed = plan.transform_up_with_subqueries(|node| {
        let LogicalPlan::Sort(Sort { mut expr, input, fetch }) = node else {
            return Ok(Transformed::no(node));
        };
        let named: Vec<Expr> = expr.iter().map(|sort| sort.expr.clone()).collect();
        let others =
            input.schema().columns().into_iter().map(Expr::Column).filter(|column| !named.contains(column));
        expr.extend(others.map(|column| SortExpr::new(column, true, false)));
        Ok(Transformed::yes(LogicalPlan::Sort(Sort { expr, input, fetch })))
    })?;
    Ok(completed.data)
}
