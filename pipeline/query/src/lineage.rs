//! Which columns of which tables an output column is made of, by what they do for it: the figure is made of them
//! (*value*), they decide which rows take part (*filter*: WHERE, joins, conditions of CASE), or rows are added up by
//! them (*group*). Read off the plan; no row is looked at.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::error::DataFusionError;
use datafusion::logical_expr::{LogicalPlan, TableScan};

use crate::embedded::Embedded;
use crate::engine::EngineError;
use crate::parse::Parsed;
use crate::provenance::Asked;
use crate::provenance::made::Made;
use crate::provenance::need::{Need, Use, of_inputs, read_by};

/// Columns by table (`extracts.loans`), for each use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lineage {
    /// The figure is made of these.
    pub value: BTreeMap<String, BTreeSet<String>>,
    /// These decide which rows take part.
    pub filter: BTreeMap<String, BTreeSet<String>>,
    /// Rows are added up by these.
    pub group: BTreeMap<String, BTreeSet<String>>,
    /// Tables whose rows are counted, whatever stands in them.
    pub rows: BTreeSet<String>,
}

impl Embedded {
    /// The base columns behind output columns. Queries between are to be registered as views or as made by a SELECT.
    ///
    /// # Errors
    /// What is wrong in the SQL, or an operator that cannot be followed.
    pub fn lineage(&self, parsed: &Parsed, asked: &Asked<'_>) -> Result<Lineage, EngineError> {
        let plan = self.followed(parsed, asked)?;
        let need = Need::of(&plan, asked).map_err(EngineError::plan)?;
        let mut found = Lineage::default();
        self.follow(&plan, &need, &mut found)?;
        Ok(found)
    }

    fn follow(&self, node: &LogicalPlan, need: &Need, found: &mut Lineage) -> Result<(), EngineError> {
        if let LogicalPlan::TableScan(scan) = node {
            let Some(plan) = Made::behind(scan) else {
                return read(scan, need, found).map_err(EngineError::plan);
            };
            let plan = self.optimised(plan.map_err(EngineError::plan)?)?;
            return self.follow(&plan, need, found);
        }
        let needs = of_inputs(node, need, &self.keys).map_err(EngineError::plan)?;
        for (input, need) in node.inputs().into_iter().zip(needs) {
            if let Some(need) = need {
                self.follow(input, &need, found)?;
            }
        }
        Ok(())
    }
}

/// Notes what is needed of a table that is no query.
fn read(scan: &TableScan, need: &Need, found: &mut Lineage) -> Result<(), DataFusionError> {
    let schema = scan.table_name.schema().unwrap_or_default();
    let table = format!("{schema}.{}", scan.table_name.table());
    let mut filters = Need::default();
    let source = scan.source.schema();
    for filter in &scan.filters {
        for column in read_by(filter) {
            filters.filter.insert(source.index_of(&column.name).map_err(DataFusionError::from)?);
        }
    }
    let position = |at: &usize| scan.projection.as_ref().map_or(Some(*at), |kept| kept.get(*at).copied());
    let names = |set: &BTreeSet<usize>, positions: &dyn Fn(&usize) -> Option<usize>| -> BTreeSet<String> {
        set.iter().filter_map(positions).map(|at| source.field(at).name().clone()).collect()
    };
    for used in [Use::Value, Use::Filter, Use::Group] {
        let (set, into) = match used {
            Use::Value => (&need.value, &mut found.value),
            Use::Filter => (&need.filter, &mut found.filter),
            Use::Group => (&need.group, &mut found.group),
        };
        let mut all = names(set, &position);
        if used == Use::Filter {
            all.extend(names(&filters.filter, &|at| Some(*at)));
        }
        if !all.is_empty() {
            into.entry(table.clone()).or_default().extend(all);
        }
    }
    if need.rows {
        found.rows.insert(table);
    }
    Ok(())
}
