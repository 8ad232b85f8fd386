//! Where ways begin: a scan of what was sent, or the SELECT behind a table made by one.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use datafusion::common::Column;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::logical_plan::TableScanBuilder;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableScan, lit};

use crate::provenance::branch::{Branch, COUNTED, MATCHED, ORIGIN, ROLE};
use crate::provenance::made::Made;
use crate::provenance::need::{Need, read_by, unknown};
use crate::provenance::trace::{Branches, Leaf, Passed, Tracer};

/// A made table that was asked for.
pub(super) struct Behind {
    scan: TableScan,
    /// Nodes are known by their place in memory, so it must stay where it is.
    plan: LogicalPlan,
    /// The ways through it by what was needed, and what they pass.
    ways: RefCell<Vec<(Need, Vec<Branch>, Passed)>>,
}

impl Tracer<'_> {
    pub(super) fn scan(&mut self, scan: &TableScan, need: &Need) -> Branches {
        if let Some(plan) = Made::behind(scan) {
            return self.behind(scan, plan?, need);
        }
        let source = scan.source.schema();
        let origin = source.index_of("_origin").map_err(DataFusionError::from)?;
        let position = |at: usize| scan.projection.as_ref().map_or(Some(at), |kept| kept.get(at).copied());
        let mut read: BTreeSet<usize> = need.all().into_iter().filter_map(position).collect();
        read.insert(origin);
        for filter in &scan.filters {
            for column in read_by(filter) {
                read.insert(source.index_of(&column.name).map_err(DataFusionError::from)?);
            }
        }
        let bare = TableScanBuilder::new(scan.table_name.clone(), scan.source.clone())
            .with_projection(Some(read.into_iter().collect()))
            .build()?;
        let mut builder = LogicalPlanBuilder::new(LogicalPlan::TableScan(bare));
        if let Some(filter) = conjunction(scan.filters.iter().cloned()) {
            builder = builder.filter(filter)?;
        }
        let column = |at: usize| {
            let name = source.field(at).name();
            Expr::Column(Column::new(Some(scan.table_name.clone()), name))
        };
        let role = if need.counts() { COUNTED } else { MATCHED };
        let mut exprs = vec![column(origin).alias(ORIGIN), lit(role).alias(ROLE)];
        let mut columns = BTreeMap::new();
        for at in need.all() {
            let name = self.names.next();
            exprs.push(column(position(at).ok_or_else(|| unknown("a scan"))?).alias(&name));
            columns.insert(at, name);
        }
        self.leaves.push(Leaf::Extract(scan.table_name.table().to_owned()));
        let plan = builder.project(exprs)?.build()?;
        Ok(vec![Branch { leaf: self.leaves.len() - 1, plan, columns, changing: BTreeSet::new() }])
    }

    /// The ways through the SELECT that made a table. Most queries read the same few tables, some of them in several
    /// places: what is asked twice is followed once.
    fn behind(&mut self, scan: &TableScan, plan: LogicalPlan, need: &Need) -> Branches {
        let known = self.behind.iter().find(|known| known.scan == *scan);
        let behind = if let Some(known) = known {
            Rc::clone(known)
        } else {
            let plan = (self.optimise)(plan)?;
            let new = Rc::new(Behind { scan: scan.clone(), plan, ways: RefCell::default() });
            self.behind.push(Rc::clone(&new));
            new
        };
        let known = behind.ways.borrow().iter().find(|(asked, ..)| asked == need).cloned();
        let (ways, passed) = if let Some((_, ways, passed)) = known {
            (ways, passed)
        } else {
            let before = std::mem::take(&mut self.passed);
            let ways = self.trace(&behind.plan, need)?;
            let passed = std::mem::replace(&mut self.passed, before);
            behind.ways.borrow_mut().push((need.clone(), ways.clone(), passed.clone()));
            (ways, passed)
        };
        self.passed.whole.extend(passed.whole);
        self.passed.selects |= passed.selects;
        self.passed.chooses |= passed.chooses;
        Ok(ways)
    }
}
