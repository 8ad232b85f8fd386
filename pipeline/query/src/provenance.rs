//! Which rows of extracts a figure stands on: the plan of its query is run again with `_origin` carried along.
//!
//! A row has one role, the strongest it plays: its figures are in the result (*counted*); it had to be there for
//! others to count (*matched*); it keeps something out or was kept out by another row (*excluding*). A row without a
//! role can be taken away and nothing changes. What cannot be followed is an error that names the operator; nothing
//! here guesses, and nothing knows what an indicator is.

mod branch;
pub(crate) mod made;
pub(crate) mod need;
mod trace;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{AsArray as _, RecordBatch};
use datafusion::arrow::datatypes::Int64Type;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::Column;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::{MemTable, TableType, provider_as_source};
use datafusion::error::DataFusionError;
use datafusion::functions_aggregate::expr_fn::min;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableProviderFilterPushDown, lit};
use datafusion::physical_plan::ExecutionPlan;

use crate::embedded::{Embedded, asked};
use crate::engine::EngineError;
use crate::keys::{Dependencies, Keys};
use crate::name::TableName;
use crate::parse::Parsed;
use crate::provenance::branch::{COUNTED, MATCHED, ORIGIN, ROLE, named};
use crate::provenance::made::Made;
use crate::provenance::need::Need;
use crate::provenance::trace::{Held, Passed, Tracer};

/// What a row does for a figure; the smaller is the stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Its figures are in the result.
    Counted,
    /// It had to be there for others to count, or was looked at and added nothing.
    Matched,
    /// It keeps something out, or was kept out by another row.
    Excluding,
}

impl Role {
    /// All roles, the strongest first.
    pub const ALL: [Self; 3] = [Self::Counted, Self::Matched, Self::Excluding];

    /// The name in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Matched => "matched",
            Self::Excluding => "excluding",
        }
    }
}

/// The rows behind one column of one result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Contract → origin → role.
    pub rows: BTreeMap<String, BTreeMap<i64, Role>>,
    /// Operators through which every row of a group matters for the figure, as SQL words: `median`, `max`,
    /// `count(DISTINCT)`, `row_number OVER`, `LIMIT`, and `DISTINCT` where groups are counted.
    pub whole: BTreeSet<String>,
    /// Whether EXISTS or NOT EXISTS (or IN) selects rows: then a row can act without being added.
    pub selects: bool,
    /// Whether anything chooses among rows or groups (a rank, an extreme, a sum that decides): then another row can
    /// take the place of one that is gone.
    pub chooses: bool,
}

impl Provenance {
    /// The rows of both.
    pub fn merge(&mut self, other: Self) {
        for (contract, rows) in other.rows {
            let all = self.rows.entry(contract).or_default();
            for (origin, role) in rows {
                let known = all.entry(origin).or_insert(role);
                *known = role.min(*known);
            }
        }
        self.whole.extend(other.whole);
        self.selects |= other.selects;
        self.chooses |= other.chooses;
    }

    /// How many rows have a role.
    pub fn count(&self, role: Role) -> usize {
        self.rows.values().flat_map(BTreeMap::values).filter(|found| **found == role).count()
    }
}

/// Which column of a result, and of which of its rows.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The rows: each column named has this text.
    pub rows: &'a [(&'a str, &'a str)],
    /// Columns the figure is made of.
    pub values: &'a [&'a str],
    /// Columns that only decide something, such as a status.
    pub conditions: &'a [&'a str],
}

impl Embedded {
    /// Says what tells the rows of tables apart; of tables made by a SELECT it follows from that. A join with a table that
    /// has at most one row for each, and of which nothing is asked, is not looked into.
    pub fn know(&mut self, keys: Keys) {
        self.keys.extend(keys);
    }

    /// Makes a registered view opaque, so that rows are followed to it and no further.
    ///
    /// # Errors
    /// No such table.
    pub fn close(&mut self, name: &TableName) -> Result<(), EngineError> {
        let table = self.provider(name)?;
        self.replace(name, Arc::new(Closed(table)))
    }

    /// Says by which SELECT a registered table was made: rows are followed through it, and read from the table where only
    /// what came out is asked. The table must be what the SELECT gives now.
    ///
    /// # Errors
    /// No such table, or what is wrong in the SQL.
    pub fn made_by(&mut self, name: &TableName, sql: &str) -> Result<(), EngineError> {
        let (table, plan) = (self.provider(name)?, self.planned(&asked(sql)?)?);
        self.put_made(name, table, plan)
    }

    /// Runs a SELECT and makes its rows known as a table made by it, held in memory.
    ///
    /// # Errors
    /// What is wrong in the SQL, or what stopped it.
    pub fn make(&mut self, name: &TableName, sql: &str) -> Result<(), EngineError> {
        let plan = self.planned(&asked(sql)?)?;
        let (table, _) = self.collected(plan.clone()).map_err(EngineError::plan)?;
        self.put_made(name, Arc::new(table), plan)
    }

    fn put_made(
        &mut self,
        name: &TableName,
        table: Arc<dyn TableProvider>,
        plan: LogicalPlan,
    ) -> Result<(), EngineError> {
        if !self.keys.contains_key(name)
            && let Some(key) = Dependencies::of_each_row(&self.keys).key(&plan)
        {
            self.keys.insert(name.clone(), key);
        }
        self.replace(name, Arc::new(Made::new(table, plan)))
    }

    /// What stands behind some names now, to be put back later.
    ///
    /// # Errors
    /// No such table.
    pub fn keep<'n>(&self, names: impl IntoIterator<Item = &'n TableName>) -> Result<Kept, EngineError> {
        names
            .into_iter()
            .map(|name| Ok((name.clone(), self.provider(name)?)))
            .collect::<Result<_, _>>()
            .map(Kept)
    }

    /// Puts back what was kept.
    ///
    /// # Errors
    /// The engine stopped.
    pub fn put_back(&mut self, kept: Kept) -> Result<(), EngineError> {
        kept.0.into_iter().try_for_each(|(name, table)| self.replace(&name, table))
    }

    /// The rows of extracts that some columns of a result stand on, for each question. Tables of the schema `extracts`
    /// must be Parquet or closed views with a column `_origin`; queries between are to be registered as views, or as made
    /// by a SELECT, which is much quicker.
    ///
    /// # Errors
    /// What is wrong in the SQL, an operator that cannot be followed, or what stopped the engine.
    pub fn provenance(&self, parsed: &Parsed, asked: &[Asked<'_>]) -> Result<Vec<Provenance>, EngineError> {
        let plans = asked.iter().map(|asked| self.followed(parsed, asked)).collect::<Result<Vec<_>, _>>()?;
        let run = |plan: LogicalPlan| self.held(plan);
        let optimise = |plan: LogicalPlan| {
            self.optimised(plan).map_err(|error| DataFusionError::External(Box::new(error)))
        };
        let mut tracer = Tracer::new(&run, &optimise, &self.keys);
        let questions = asked.iter().zip(&plans);
        questions.map(|(asked, plan)| self.followed_to_rows(&mut tracer, plan, asked)).collect()
    }

    fn followed_to_rows(
        &self,
        tracer: &mut Tracer<'_>,
        plan: &LogicalPlan,
        asked: &Asked<'_>,
    ) -> Result<Provenance, EngineError> {
        let need = Need::of(plan, asked).map_err(EngineError::plan)?;
        tracer.passed = Passed::default();
        let branches = tracer.trace(plan, &need).map_err(EngineError::plan)?;
        let Passed { whole, selects, chooses } = tracer.passed.clone();
        let mut found = Provenance { whole, selects, chooses, ..Provenance::default() };
        let leaves: BTreeSet<usize> = branches.iter().map(|branch| branch.leaf).collect();
        for leaf in leaves {
            let ways = branches.iter().filter(|branch| branch.leaf == leaf).map(|branch| branch.plan.clone());
            let Some(plan) = gathered(ways).map_err(EngineError::plan)? else { continue };
            let (contract, plan) = tracer.extract(leaf, plan).map_err(EngineError::plan)?;
            let rows = self.origins(plan)?;
            let all = found.rows.entry(contract).or_default();
            for (origin, role) in rows {
                let role = match role {
                    COUNTED => Role::Counted,
                    MATCHED => Role::Matched,
                    _ => Role::Excluding,
                };
                let known = all.entry(origin).or_insert(role);
                *known = role.min(*known);
            }
        }
        found.rows.retain(|_, rows| !rows.is_empty());
        Ok(found)
    }

    /// The optimised plan of the rows and columns asked for.
    pub(crate) fn followed(&self, parsed: &Parsed, asked: &Asked<'_>) -> Result<LogicalPlan, EngineError> {
        let whole = self.planned(parsed)?;
        let build = || {
            let mut builder = LogicalPlanBuilder::new(whole).alias("asked")?;
            for (column, text) in asked.rows {
                builder = builder.filter(Expr::Column(Column::new_unqualified(*column)).eq(lit(*text)))?;
            }
            let columns = asked.values.iter().chain(asked.conditions);
            let columns: BTreeSet<&str> = columns.copied().collect();
            builder
                .project(
                    columns
                        .into_iter()
                        .map(|name| Expr::Column(Column::new(Some("asked"), name)).alias(name)),
                )?
                .build()
        };
        let plan = build().map_err(EngineError::plan)?;
        self.optimised(plan)
    }

    /// The rows of a plan, held in memory.
    fn held(&self, plan: LogicalPlan) -> Result<Held, DataFusionError> {
        let (table, rows) = self.collected(plan)?;
        let plan = LogicalPlanBuilder::scan("held", provider_as_source(Arc::new(table)), None)?.build()?;
        Ok(Held { plan, rows })
    }

    fn collected(&self, plan: LogicalPlan) -> Result<(MemTable, usize), DataFusionError> {
        let stopped = |error: EngineError| DataFusionError::External(Box::new(error));
        let frame = DataFrame::new(self.alone().map_err(stopped)?, plan);
        let planned = Arc::new(frame.schema().as_arrow().clone());
        let batches = self.wait(frame.collect()).map_err(stopped)??;
        // A plan may take a column for one that is never NULL where its rows say otherwise.
        let schema = batches.first().map_or(planned, RecordBatch::schema);
        let rows = batches.iter().map(RecordBatch::num_rows).sum();
        Ok((MemTable::try_new(schema, vec![batches])?, rows))
    }

    fn origins(&self, plan: LogicalPlan) -> Result<BTreeMap<i64, i64>, EngineError> {
        let frame = DataFrame::new(self.alone()?, plan);
        let batches = self.wait(frame.collect())?.map_err(EngineError::execution)?;
        let mut found = BTreeMap::new();
        for batch in &batches {
            let [origins, roles] = [batch.column(0), batch.column(1)];
            let pair = (origins.as_primitive_opt::<Int64Type>(), roles.as_primitive_opt::<Int64Type>());
            let (Some(origins), Some(roles)) = pair else {
                return Err(EngineError::Stopped("origins are no BIGINT".to_owned()));
            };
            found.extend(origins.iter().zip(roles).filter_map(|(origin, role)| Some((origin?, role?))));
        }
        Ok(found)
    }
}

/// All ways from one scan, each row once, with its strongest role.
fn gathered(ways: impl Iterator<Item = LogicalPlan>) -> Result<Option<LogicalPlan>, DataFusionError> {
    let mut all: Option<LogicalPlanBuilder> = None;
    for way in ways {
        let rows = LogicalPlanBuilder::new(way).project([named(ORIGIN), named(ROLE)])?;
        all = Some(match all {
            None => rows,
            Some(all) => all.union(rows.build()?)?,
        });
    }
    let Some(all) = all else { return Ok(None) };
    all.aggregate([named(ORIGIN)], [min(named(ROLE)).alias(ROLE)])?.build().map(Some)
}

/// What stood behind some names.
#[derive(Debug)]
pub struct Kept(Vec<(TableName, Arc<dyn TableProvider>)>);

/// A table whose own plan is not looked into.
#[derive(Debug)]
struct Closed(Arc<dyn TableProvider>);

#[async_trait::async_trait]
impl TableProvider for Closed {
    fn schema(&self) -> datafusion::arrow::datatypes::SchemaRef {
        self.0.schema()
    }

    fn table_type(&self) -> TableType {
        self.0.table_type()
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>, DataFusionError> {
        self.0.supports_filters_pushdown(filters)
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        self.0.scan(state, projection, filters, limit).await
    }
}
