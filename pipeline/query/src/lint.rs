//! The rules that keep a query's answer the same at every thread count, on every platform and in other engines.
//!
//! Rules about calls, operators ([`expressions`]) and orders ([`order`]) look at the plan as it was written, where every
//! name and type is resolved and nothing is cast but what the query casts; rules about clauses and words look at the
//! statement. To add a rule, add a line to [`CALL_RULES`] or a test to `clauses`, and its words to the catalogue.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::sqlparser::ast::{Distinct, Query as Select, SetExpr, SetOperator, Visit as _, Visitor};
use model::{Diagnostic, Place};

use crate::calls::{self, Call, Kind};
use crate::keys::Keys;
use crate::parse::{Parsed, set_expressions};
use crate::source::Query;
use crate::{expressions, order, place, words};

/// A rule about one call.
struct CallRule {
    code: &'static str,
    refuses: fn(&Call) -> bool,
}

/// The first rule that refuses a call tells.
const CALL_RULES: &[CallRule] = &[
    // `version` is immutable to the planner, but another engine or release answers otherwise.
    CallRule { code: "sql-changing-function", refuses: |call| !call.immutable || call.name == "version" },
    CallRule { code: "sql-approximate", refuses: |call| call.name.starts_with("approx_") },
    CallRule { code: "sql-average", refuses: |call| call.name == "avg" },
    CallRule { code: "sql-float-statistics", refuses: |call| STATISTICS.contains(&call.name.as_str()) },
    CallRule { code: "sql-float-sum", refuses: |call| call.name == "sum" && call.types.iter().any(is_float) },
    CallRule {
        code: "sql-orderless-function",
        refuses: |call| !call.ordered && ORDER_DECIDES.contains(&call.name.as_str()),
    },
    CallRule {
        code: "sql-decimal-median",
        refuses: |call| {
            MEDIANS.contains(&call.name.as_str())
                && call.types.first().is_some_and(|first| *first != DataType::Float64)
        },
    },
    CallRule {
        code: "sql-platform-function",
        refuses: |call| call.kind == Kind::Scalar && PLATFORM.contains(&call.name.as_str()),
    },
    CallRule { code: "sql-other-function", refuses: |call| !PORTABLE.contains(&call.name.as_str()) },
    CallRule {
        code: "sql-other-function",
        refuses: |call| {
            call.kind != Kind::Window
                && ["first_value", "last_value", "nth_value"].contains(&call.name.as_str())
        },
    },
];

/// Functions that were tried in two engines and agree, by the engine's own names: `btrim` is not among them, since
/// which blanks it takes differs.
const PORTABLE: &[&str] = &[
    "abs",
    "array_agg",
    "bool_and",
    "bool_or",
    "ceil",
    "character_length",
    "coalesce",
    "concat",
    "concat_ws",
    "count",
    "cume_dist",
    "date_part",
    "date_trunc",
    "dense_rank",
    "first_value",
    "floor",
    "greatest",
    "grouping",
    "lag",
    "last_value",
    "lead",
    "least",
    "left",
    "lower",
    "lpad",
    "make_date",
    "max",
    "median",
    "min",
    "nth_value",
    "ntile",
    "nullif",
    "percent_rank",
    "percentile_cont",
    "rank",
    "repeat",
    "replace",
    "reverse",
    "right",
    "round",
    "row_number",
    "rpad",
    "split_part",
    "sqrt",
    "starts_with",
    "string_agg",
    "strpos",
    "struct",
    "substr",
    "sum",
    "translate",
    "trunc",
    "upper",
];

/// Computed in floats whatever their arguments are; the last digits depend on the order of rows.
const STATISTICS: &[&str] = &[
    "stddev",
    "stddev_pop",
    "var",
    "var_pop",
    "covar_samp",
    "covar_pop",
    "corr",
    "regr_avgx",
    "regr_avgy",
    "regr_count",
    "regr_intercept",
    "regr_r2",
    "regr_slope",
    "regr_sxx",
    "regr_sxy",
    "regr_syy",
];

/// Their value depends on the order of rows.
const ORDER_DECIDES: &[&str] = &[
    "first_value",
    "last_value",
    "nth_value",
    "array_agg",
    "string_agg",
    "row_number",
    "rank",
    "dense_rank",
    "percent_rank",
    "cume_dist",
    "ntile",
    "lag",
    "lead",
];

/// Of decimals and whole numbers, engines keep different digits of the half between two values.
const MEDIANS: &[&str] = &["median", "percentile_cont"];

/// Their last digits come from the platform's mathematics library.
const PLATFORM: &[&str] = &[
    "ln", "log", "log2", "log10", "exp", "power", "cbrt", "sin", "cos", "tan", "cot", "asin", "acos", "atan",
    "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
];

fn is_float(data_type: &DataType) -> bool {
    data_type.is_floating()
}

/// What the rules say of the plan of this query [as it was written](crate::Embedded::written).
pub fn plan(query: &Query, plan: &LogicalPlan) -> Vec<Diagnostic> {
    let mut found = expressions::refused(query, plan);
    for call in calls::calls(plan) {
        if let Some(rule) = CALL_RULES.iter().find(|rule| (rule.refuses)(&call)) {
            let place = place::locate_call(query, &call.names(), call.near);
            // The word as it was written: `mean`, not `avg`.
            let name = written(&place).unwrap_or_else(|| call.name.clone());
            found.insert(Diagnostic::new(rule.code, place).with("name", name));
        }
    }
    found.into_iter().collect()
}

/// Whether everything that depends on the order of rows has an order without ties, given the keys of tables. A plan
/// as for [`plan`].
pub fn total_order(query: &Query, plan: &LogicalPlan, keys: &Keys) -> Vec<Diagnostic> {
    order::refused(query, plan, keys).into_iter().collect()
}

fn written(place: &Place) -> Option<String> {
    let text: String =
        place.excerpt.as_ref()?.chars().skip(place.column?.checked_sub(1)?).take(place.length).collect();
    (!text.is_empty()).then(|| text.to_lowercase())
}

/// What the rules about clauses say of a statement.
pub fn statement(parsed: &Parsed) -> Vec<Diagnostic> {
    let mut clauses = Clauses { query: &parsed.query, found: words::refused(&parsed.query) };
    let _: ControlFlow<()> = parsed.select.visit(&mut clauses);
    clauses.found.into_iter().collect()
}

/// A query whose rows are shown as they come must say in which order.
pub fn must_be_ordered(parsed: &Parsed) -> Option<Diagnostic> {
    parsed
        .select
        .order_by
        .is_none()
        .then(|| Diagnostic::new("sql-must-be-ordered", Place::file(&parsed.query.file)))
}

struct Clauses<'a> {
    query: &'a Query,
    found: BTreeSet<Diagnostic>,
}

impl Clauses<'_> {
    fn refuse(&mut self, code: &'static str, word: &str) {
        self.found.insert(Diagnostic::new(code, place::locate(self.query, word)).with("name", word));
    }
}

impl Visitor for Clauses<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, select: &Select) -> ControlFlow<()> {
        if select.order_by.is_none() && select.limit_clause.is_some() {
            let clause = if has_word(self.query, "LIMIT") { "LIMIT" } else { "OFFSET" };
            self.refuse("sql-limit-without-order", clause);
        }
        set_expressions(&select.body, &mut |body| match body {
            SetExpr::SetOperation { op: SetOperator::Intersect, .. } => {
                self.refuse("sql-set-operation", "INTERSECT");
            }
            SetExpr::SetOperation { op: SetOperator::Except, .. } => {
                self.refuse("sql-set-operation", "EXCEPT");
            }
            SetExpr::SetOperation { op: SetOperator::Minus, .. } => self.refuse("sql-set-operation", "MINUS"),
            SetExpr::Select(inner) => {
                if matches!(inner.distinct, Some(Distinct::On(_))) {
                    self.refuse("sql-distinct-on", "DISTINCT");
                }
                if inner.top.is_some() {
                    self.refuse("sql-limit-without-order", "TOP");
                }
            }
            _ => {}
        });
        ControlFlow::Continue(())
    }
}

fn has_word(query: &Query, word: &str) -> bool {
    place::locate(query, word).line.is_some()
}
