//! A table together with the SELECT it was made by: whoever asks for its rows gets them from the table, whoever follows
//! rows goes on through the SELECT. So a figure is followed one query at a time, with small plans.

use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::Column;
use datafusion::datasource::{TableType, source_as_provider};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{
    Expr, LogicalPlan, LogicalPlanBuilder, TableProviderFilterPushDown, TableScan, cast,
};
use datafusion::physical_plan::ExecutionPlan;

use crate::provenance::need::has_extracts;

/// See above.
#[derive(Debug)]
pub(crate) struct Made {
    table: Arc<dyn TableProvider>,
    plan: LogicalPlan,
    has_extracts: bool,
}

impl Made {
    pub(crate) fn new(table: Arc<dyn TableProvider>, plan: LogicalPlan) -> Self {
        let has_extracts = has_extracts(&plan);
        Self { table, plan, has_extracts }
    }

    /// Whether the table of a scan was made from extracts.
    pub(crate) fn from_extracts(scan: &TableScan) -> bool {
        with(scan, |made| made.has_extracts).unwrap_or_default()
    }

    /// The plan that gives what a scan of a made table gives; `None` for other tables.
    pub(crate) fn behind(scan: &TableScan) -> Option<Result<LogicalPlan, DataFusionError>> {
        with(scan, |made| {
            // The table has plain types, which its SELECT may not give.
            let schema = made.schema();
            let typed = schema.fields().iter().map(|field| {
                let column = Expr::Column(Column::new_unqualified(field.name()));
                cast(column, field.data_type().clone()).alias(field.name())
            });
            let named = LogicalPlanBuilder::new(made.plan.clone()).alias("made")?;
            let mut builder = named.project(typed.collect::<Vec<_>>())?.alias(scan.table_name.clone())?;
            if let Some(filter) = conjunction(scan.filters.iter().cloned()) {
                builder = builder.filter(filter)?;
            }
            let fields = schema.fields();
            let kept = scan.projection.clone().unwrap_or_else(|| (0..fields.len()).collect());
            let column = |at: usize| {
                let name = fields[at].name();
                Expr::Column(Column::new(Some(scan.table_name.clone()), name))
            };
            builder.project(kept.into_iter().map(column))?.build()
        })
    }
}

fn with<T>(scan: &TableScan, ask: impl FnOnce(&Made) -> T) -> Option<T> {
    let provider = source_as_provider(&scan.source).ok()?;
    (provider.as_ref() as &dyn std::any::Any).downcast_ref::<Made>().map(ask)
}

#[async_trait::async_trait]
impl TableProvider for Made {
    fn schema(&self) -> SchemaRef {
        self.table.schema()
    }

    fn table_type(&self) -> TableType {
        self.table.table_type()
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>, DataFusionError> {
        // The filters go on to the SELECT; whether the table uses them is its own affair.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        self.table.scan(state, projection, filters, limit).await
    }
}
