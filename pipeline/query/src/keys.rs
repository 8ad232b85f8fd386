//! What determines a row: which columns of a plan are enough to tell its rows apart. From keys of tables, GROUP BY,
//! equalities of WHERE and JOIN, and row numbers; nothing is looked up in data.
//!
//! Columns and rows are numbered as they appear. A *dependency* says that whoever knows these numbers knows those. A
//! relation's rows are determined by a set of columns if all its row numbers follow from it.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::common::{Column, JoinType};
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{Expr, Join, LogicalPlan, Operator};

use crate::name::TableName;

/// The key of each table that has one: columns that no two rows share.
pub type Keys = BTreeMap<TableName, Vec<String>>;

type Number = usize;
type Set = BTreeSet<Number>;

/// A plan's output: the number of each column, by position, and the rows it is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relation {
    pub(crate) columns: Vec<Number>,
    pub(crate) rows: Set,
}

/// Everything that depends on something, while a plan is walked.
pub(crate) struct Dependencies<'a> {
    keys: &'a Keys,
    equal_are_one: bool,
    next: Number,
    known: Vec<(Set, Set)>,
}

impl<'a> Dependencies<'a> {
    /// For orders: rows that are equal in all columns cannot be told apart, and need not be.
    pub(crate) fn new(keys: &'a Keys) -> Self {
        Self { keys, equal_are_one: true, next: 0, known: Vec::new() }
    }

    /// For joins: each row counts, also beside one that is equal to it.
    pub(crate) fn of_each_row(keys: &'a Keys) -> Self {
        Self { equal_are_one: false, ..Self::new(keys) }
    }

    /// The columns of a plan that tell its rows apart, by name, as few as can be found; none if nothing does.
    pub(crate) fn key(&mut self, plan: &LogicalPlan) -> Option<Vec<String>> {
        let relation = self.relation(plan);
        let mut kept: Vec<usize> = (0..relation.columns.len()).collect();
        let enough = |kept: &[usize]| {
            self.determine(&kept.iter().map(|at| relation.columns[*at]).collect(), &relation.rows)
        };
        if !enough(&kept) {
            return None;
        }
        for at in (0..relation.columns.len()).rev() {
            let without: Vec<usize> = kept.iter().copied().filter(|one| *one != at).collect();
            if enough(&without) {
                kept = without;
            }
        }
        Some(kept.into_iter().map(|at| plan.schema().field(at).name().clone()).collect())
    }

    /// Whether whoever knows `these` knows `those`.
    pub(crate) fn determine(&self, these: &Set, those: &Set) -> bool {
        let mut closure = these.clone();
        loop {
            let before = closure.len();
            for (from, to) in &self.known {
                if from.is_subset(&closure) {
                    closure.extend(to);
                }
            }
            if closure.len() == before {
                return those.is_subset(&closure);
            }
        }
    }

    /// The numbers of the columns among some expressions; what is computed determines nothing.
    pub(crate) fn columns_of<'e>(
        plan: &LogicalPlan,
        relation: &Relation,
        exprs: impl IntoIterator<Item = &'e Expr>,
    ) -> Set {
        exprs.into_iter().filter_map(|expr| number(plan, relation, column(expr)?)).collect()
    }

    /// Numbers a plan's columns and rows, and notes what depends on what.
    pub(crate) fn relation(&mut self, plan: &LogicalPlan) -> Relation {
        match plan {
            LogicalPlan::TableScan(scan) => {
                let made = self.fresh(plan);
                let table = scan.table_name.table();
                let name = scan.table_name.schema().and_then(|schema| TableName::new(schema, table));
                let keys = self.keys;
                if let Some(key) = name.and_then(|name| keys.get(&name)) {
                    let fields = plan.schema().fields();
                    let at = key.iter().map(|name| fields.iter().position(|field| field.name() == name));
                    if let Some(at) = at.collect::<Option<Vec<usize>>>() {
                        let key = at.into_iter().map(|at| made.columns[at]).collect();
                        self.known.push((key, made.rows.clone()));
                    }
                }
                made
            }
            LogicalPlan::Projection(projection) => {
                let input = self.relation(&projection.input);
                let columns =
                    projection.expr.iter().map(|expr| self.expression(&projection.input, &input, expr));
                Relation { columns: columns.collect(), rows: input.rows.clone() }
            }
            LogicalPlan::Filter(filter) => {
                let input = self.relation(&filter.input);
                self.equalities(&filter.input, &input, &filter.predicate);
                input
            }
            LogicalPlan::Window(window) => {
                let mut made = self.relation(&window.input);
                for expr in &window.window_expr {
                    let number = self.number();
                    self.known.push((made.rows.clone(), Set::from([number])));
                    if let Some(call) = row_number(expr) {
                        let mut from =
                            Self::columns_of(&window.input, &made, call.params.partition_by.iter());
                        if from.len() == call.params.partition_by.len() {
                            from.insert(number);
                            self.known.push((from, made.rows.clone()));
                        }
                    }
                    made.columns.push(number);
                }
                made
            }
            LogicalPlan::Aggregate(aggregate) => {
                let input = self.relation(&aggregate.input);
                let sets = aggregate.group_expr.iter().any(|expr| matches!(expr, Expr::GroupingSet(_)));
                if sets {
                    return self.fresh(plan);
                }
                let mut made = Relation::default();
                for expr in &aggregate.group_expr {
                    made.columns.push(self.expression(&aggregate.input, &input, expr));
                }
                let group: Set = made.columns.iter().copied().collect();
                while made.columns.len() < plan.schema().fields().len() {
                    made.columns.push(self.number());
                }
                made.rows = Set::from([self.number()]);
                self.known.push((group, made.rows.clone()));
                self.known.push((made.rows.clone(), made.columns.iter().copied().collect()));
                made
            }
            LogicalPlan::Distinct(distinct) => {
                let mut made = self.relation(distinct.input());
                let row = Set::from([self.number()]);
                self.known.push((made.columns.iter().copied().collect(), row.clone()));
                self.known.push((made.rows, row.clone()));
                self.known.push((row.clone(), made.columns.iter().copied().collect()));
                made.rows = row;
                made
            }
            LogicalPlan::Join(join) => self.join(plan, join),
            LogicalPlan::SubqueryAlias(alias) => self.relation(&alias.input),
            LogicalPlan::Subquery(subquery) => self.relation(&subquery.subquery),
            LogicalPlan::Sort(sort) => self.relation(&sort.input),
            LogicalPlan::Limit(limit) => self.relation(&limit.input),
            LogicalPlan::EmptyRelation(_) => Relation {
                columns: (0..plan.schema().fields().len()).map(|_| self.number()).collect(),
                rows: Set::new(),
            },
            _ => self.fresh(plan),
        }
    }

    fn join(&mut self, plan: &LogicalPlan, join: &Join) -> Relation {
        let sides = [self.relation(&join.left), self.relation(&join.right)];
        let mut pairs: Vec<[Number; 2]> = Vec::new();
        let mut other = false;
        let parts = join.filter.iter().flat_map(split_conjunction).map(equality);
        for part in join.on.iter().map(|(a, b)| Some((a, b))).chain(parts) {
            let of =
                |at: usize, expr: &Expr| number([&join.left, &join.right][at], &sides[at], column(expr)?);
            let pair = part.and_then(|(a, b)| match (of(0, a), of(1, b)) {
                (Some(a), Some(b)) => Some([a, b]),
                _ => Some([of(0, b)?, of(1, a)?]),
            });
            match pair {
                Some(pair) => pairs.push(pair),
                None => other = true,
            }
        }
        // A side that may be missing: what holds of its rows need not hold where there is none.
        let missing = match join.join_type {
            JoinType::Left => [false, true],
            JoinType::Right => [true, false],
            JoinType::Full => [true, true],
            _ => [false, false],
        };
        if join.join_type == JoinType::Inner {
            for [a, b] in &pairs {
                self.same(*a, *b);
            }
        }
        let mut made = sides.clone();
        for at in (0..2).filter(|at| missing[*at]) {
            let met: Set = pairs.iter().map(|pair| pair[at]).collect();
            let by: Set = pairs.iter().map(|pair| pair[1 - at]).collect();
            let one_at_most = self.determine(&met, &sides[at].rows);
            made[at] = self.fresh([&join.left, &join.right][at]);
            // Whoever knows the other row knows whether any met it, and what they were joined on.
            let from = if other || missing[1 - at] { sides[1 - at].rows.clone() } else { by };
            if missing[1 - at] {
                continue;
            }
            let joined = met.iter().filter_map(|one| sides[at].columns.iter().position(|known| known == one));
            let known: Set = joined.map(|position| made[at].columns[position]).collect();
            self.known.push((from.clone(), known));
            if one_at_most {
                self.known.push((from, made[at].rows.clone()));
            }
        }
        let [left, right] = made;
        let made = match join.join_type {
            JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark => left,
            JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark => right,
            _ => Relation {
                columns: left.columns.iter().chain(&right.columns).copied().collect(),
                rows: left.rows.union(&right.rows).copied().collect(),
            },
        };
        if made.columns.len() == plan.schema().fields().len() { made } else { self.fresh(plan) }
    }

    /// Rows nothing is known of.
    fn fresh(&mut self, plan: &LogicalPlan) -> Relation {
        let columns: Vec<Number> = (0..plan.schema().fields().len()).map(|_| self.number()).collect();
        let rows = Set::from([self.number()]);
        if self.equal_are_one {
            self.known.push((columns.iter().copied().collect(), rows.clone()));
        }
        self.known.push((rows.clone(), columns.iter().copied().collect()));
        Relation { columns, rows }
    }

    fn expression(&mut self, plan: &LogicalPlan, input: &Relation, expr: &Expr) -> Number {
        if let Some(number) = column(expr).and_then(|column| number(plan, input, column)) {
            return number;
        }
        let made = self.number();
        let of = expr.column_refs().into_iter().filter_map(|column| number(plan, input, column)).collect();
        let whole = expr.column_refs().iter().all(|column| number(plan, input, column).is_some());
        // A subquery inside may read columns of its own; its value still hangs on the row.
        let from = if whole && !has_subquery(expr) { of } else { input.rows.clone() };
        self.known.push((from, Set::from([made])));
        made
    }

    fn equalities(&mut self, plan: &LogicalPlan, input: &Relation, predicate: &Expr) {
        for part in split_conjunction(predicate) {
            let Some((a, b)) = equality(part) else { continue };
            let of = |expr: &Expr| column(expr).and_then(|column| number(plan, input, column));
            match (of(a), of(b)) {
                (Some(a), Some(b)) => self.same(a, b),
                (Some(one), None) if matches!(b, Expr::Literal(..)) => {
                    self.known.push((Set::new(), Set::from([one])));
                }
                (None, Some(one)) if matches!(a, Expr::Literal(..)) => {
                    self.known.push((Set::new(), Set::from([one])));
                }
                _ => {}
            }
        }
    }

    fn same(&mut self, a: Number, b: Number) {
        self.known.push((Set::from([a]), Set::from([b])));
        self.known.push((Set::from([b]), Set::from([a])));
    }

    fn number(&mut self) -> Number {
        self.next += 1;
        self.next
    }
}

fn number(plan: &LogicalPlan, relation: &Relation, column: &Column) -> Option<Number> {
    let at = plan.schema().maybe_index_of_column(column)?;
    relation.columns.get(at).copied()
}

fn column(expr: &Expr) -> Option<&Column> {
    match expr {
        Expr::Column(column) => Some(column),
        Expr::Alias(alias) => column(&alias.expr),
        _ => None,
    }
}

fn equality(expr: &Expr) -> Option<(&Expr, &Expr)> {
    match expr {
        Expr::BinaryExpr(binary) if binary.op == Operator::Eq => Some((&binary.left, &binary.right)),
        _ => None,
    }
}

fn row_number(expr: &Expr) -> Option<&datafusion::logical_expr::expr::WindowFunction> {
    match expr {
        Expr::WindowFunction(call) if call.fun.name() == "row_number" => Some(call),
        Expr::Alias(alias) => row_number(&alias.expr),
        _ => None,
    }
}

fn has_subquery(expr: &Expr) -> bool {
    use datafusion::common::tree_node::TreeNode as _;
    expr.exists(|inner| Ok(matches!(inner, Expr::ScalarSubquery(_) | Expr::Exists(_) | Expr::InSubquery(_))))
        .unwrap_or(true)
}
