//! Every function call of a plan, after names and types are resolved, in one plain form that rules can read.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, Span};
use datafusion::logical_expr::expr::{AggregateFunction, ScalarFunction, WindowFunction};
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, Volatility, WindowFunctionDefinition};

/// Over what a call works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One row.
    Scalar,
    /// A group.
    Aggregate,
    /// What its OVER says.
    Window,
}

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The engine's own name of the function.
    pub(crate) name: String,
    /// Its other names.
    pub(crate) aliases: Vec<String>,
    /// The types of its arguments.
    pub(crate) types: Vec<DataType>,
    /// Whether it has an ORDER BY of its own.
    pub(crate) ordered: bool,
    /// Whether the same arguments always give the same value.
    pub(crate) immutable: bool,
    /// Over what it works.
    pub(crate) kind: Kind,
    /// Where its first column stands, if known: an argument's, else one of its PARTITION BY or ORDER BY.
    pub(crate) near: Option<Span>,
}

impl Call {
    /// Every name a user may have written.
    pub(crate) fn names(&self) -> Vec<&str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str)).collect()
    }
}

/// The calls of a plan and of its subqueries.
pub(crate) fn calls(plan: &LogicalPlan) -> Vec<Call> {
    let mut calls = Vec::new();
    // The closures never fail, so neither do the walks.
    let _ = plan.apply_with_subqueries(|node| {
        let inputs = node.inputs();
        let schema = if inputs.is_empty() { node.schema().as_ref().clone() } else { merge_schema(&inputs) };
        node.apply_expressions(|whole| {
            whole.apply(|expr| {
                calls.extend(call(expr, &schema));
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    calls
}

fn call(expr: &Expr, schema: &DFSchema) -> Option<Call> {
    let (name, aliases, args, ordered, volatility) = match expr {
        Expr::ScalarFunction(ScalarFunction { func, args }) => {
            (func.name(), func.aliases(), args, false, func.signature().volatility)
        }
        Expr::AggregateFunction(AggregateFunction { func, params }) => {
            let ordered = !params.order_by.is_empty();
            (func.name(), func.aliases(), &params.args, ordered, func.signature().volatility)
        }
        Expr::WindowFunction(window) => {
            let WindowFunction { fun, params } = window.as_ref();
            let aliases = match fun {
                WindowFunctionDefinition::AggregateUDF(function) => function.aliases(),
                WindowFunctionDefinition::WindowUDF(function) => function.aliases(),
            };
            (fun.name(), aliases, &params.args, !params.order_by.is_empty(), fun.signature().volatility)
        }
        _ => return None,
    };
    Some(Call {
        name: name.to_owned(),
        aliases: aliases.to_vec(),
        types: args.iter().filter_map(|arg| arg.get_type(schema).ok()).collect(),
        ordered,
        immutable: volatility == Volatility::Immutable,
        kind: match expr {
            Expr::ScalarFunction(_) => Kind::Scalar,
            Expr::WindowFunction(_) => Kind::Window,
            _ => Kind::Aggregate,
        },
        near: first_span(expr),
    })
}

/// Where the first column of an expression stands, if the planner knows.
pub(crate) fn first_span(expr: &Expr) -> Option<Span> {
    let mut found = None;
    let _ = expr.apply(|inner| {
        found = inner.spans().and_then(datafusion::common::Spans::first);
        Ok(if found.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    found
}
