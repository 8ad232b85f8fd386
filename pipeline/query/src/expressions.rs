//! Rules about operators and casts, on the plan as it was written: names and types are resolved, and nothing has been
//! cast yet but what the query casts itself. What two engines read differently is refused here, however small.

use std::collections::BTreeSet;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode as _, TreeNodeRecursion};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::expr::{Cast, ScalarFunction};
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable as _, LogicalPlan, Operator};
use model::{Diagnostic, Place};

use crate::calls::first_span;
use crate::indicator::sql_type;
use crate::place;
use crate::source::Query;

/// What the rules say of every expression of a plan and its subqueries.
pub(crate) fn refused(query: &Query, plan: &LogicalPlan) -> BTreeSet<Diagnostic> {
    let mut found = BTreeSet::new();
    // The closures never fail, so neither do the walks.
    let _ = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::Union(union) = node {
            found.extend(branches(query, &union.inputs));
        }
        let inputs = node.inputs();
        let schema = if inputs.is_empty() { node.schema().as_ref().clone() } else { merge_schema(&inputs) };
        let mut rules = Rules { query, schema: &schema, found: &mut found };
        node.apply_expressions(|whole| {
            rules.visit(whole, None);
            Ok(TreeNodeRecursion::Continue)
        })
    });
    found
}

struct Rules<'a> {
    query: &'a Query,
    schema: &'a DFSchema,
    found: &'a mut BTreeSet<Diagnostic>,
}

impl Rules<'_> {
    fn visit(&mut self, expr: &Expr, parent: Option<&Expr>) {
        match expr {
            Expr::BinaryExpr(binary) => self.binary(expr, binary, parent),
            Expr::Cast(cast) => self.cast(expr, cast),
            Expr::InList(list) => {
                for item in &list.list {
                    self.comparison(&list.expr, item);
                }
            }
            Expr::Between(between) => {
                self.comparison(&between.expr, &between.low);
                self.comparison(&between.expr, &between.high);
            }
            Expr::Like(like) if like.escape_char.is_some() => {
                self.refuse("sql-not-portable", self.word("ESCAPE"), "ESCAPE");
            }
            Expr::ScalarFunction(function) => self.function(expr, function, parent),
            Expr::AggregateFunction(call)
                if call.func.name() == "sum" && call.params.args.iter().any(is_quotient) =>
            {
                let place = place::locate_call(self.query, &["sum"], first_span(expr));
                self.refuse("sql-after-quotient", place, "sum");
            }
            _ => {}
        }
        let _ = expr.apply_children(|child| {
            self.visit(child, Some(expr));
            Ok(TreeNodeRecursion::Continue)
        });
    }

    fn binary(&mut self, expr: &Expr, binary: &BinaryExpr, parent: Option<&Expr>) {
        let (left, right) = (self.type_of(&binary.left), self.type_of(&binary.right));
        let sign = binary.op.to_string();
        let place = || place::locate_operator(self.query, &sign, first_span(&binary.left));
        match binary.op {
            Operator::Plus | Operator::Minus | Operator::Multiply | Operator::Divide | Operator::Modulo => {
                if is_quotient(&binary.left) || is_quotient(&binary.right) {
                    let place = place();
                    self.refuse("sql-after-quotient", place, &sign);
                } else if binary.op == Operator::Divide {
                    self.division(left.as_ref(), right.as_ref(), place());
                } else if is_date_sum(left.as_ref(), right.as_ref(), &binary.right)
                    && !parent.is_some_and(|parent| is_cast_to(parent, expr, &DataType::Date32))
                {
                    let place = place();
                    self.refuse("sql-date-arithmetic", place, &sign);
                }
            }
            Operator::Eq
            | Operator::NotEq
            | Operator::Lt
            | Operator::LtEq
            | Operator::Gt
            | Operator::GtEq
            | Operator::IsDistinctFrom
            | Operator::IsNotDistinctFrom => self.comparison(&binary.left, &binary.right),
            Operator::StringConcat => {
                for side in [&binary.left, &binary.right] {
                    self.as_text(side, place());
                }
            }
            Operator::And | Operator::Or => {}
            _ => {
                let place = place();
                self.refuse("sql-not-portable", place, &sign);
            }
        }
    }

    fn division(&mut self, left: Option<&DataType>, right: Option<&DataType>, place: Place) {
        let (Some(left), Some(right)) = (left, right) else { return };
        if *left != DataType::Float64 && *right != DataType::Float64 {
            let told = Diagnostic::new("sql-division", place).with("left", sql_type(left));
            self.found.insert(told.with("right", sql_type(right)));
        }
    }

    fn comparison(&mut self, left: &Expr, right: &Expr) {
        let (Some(a), Some(b)) = (self.type_of(left), self.type_of(right)) else { return };
        if (is_text(&a) && b.is_numeric()) || (a.is_numeric() && is_text(&b)) {
            let span = first_span(left).or_else(|| first_span(right));
            let place =
                span.map_or_else(|| Place::file(&self.query.file), |span| place::span(self.query, span));
            let told = Diagnostic::new("sql-mixed-comparison", place).with("left", sql_type(&a));
            self.found.insert(told.with("right", sql_type(&b)));
        }
    }

    fn cast(&mut self, expr: &Expr, cast: &Cast) {
        let (Some(from), to) = (self.type_of(&cast.expr), cast.field.data_type()) else { return };
        let place = || place::locate_call(self.query, &["cast", "try_cast"], first_span(expr));
        let has_fraction =
            from.is_floating() || matches!(&from, DataType::Decimal128(_, scale) if *scale > 0);
        let code = if to.is_integer() && has_fraction && !is_rounded(&cast.expr) {
            "sql-cast-rounds"
        } else if is_text(to) && (from.is_floating() || matches!(from, DataType::Timestamp(..))) {
            "sql-text-of"
        } else if (is_day(&from) && to.is_numeric()) || (from.is_numeric() && is_day(to)) {
            "sql-date-number"
        } else {
            return;
        };
        let told = Diagnostic::new(code, place()).with("from", sql_type(&from));
        self.found.insert(told.with("to", sql_type(to)));
    }

    /// Texts of doubles and moments differ.
    fn as_text(&mut self, part: &Expr, place: Place) {
        let Some(from) = self.type_of(part) else { return };
        if from.is_floating() || matches!(from, DataType::Timestamp(..)) {
            let told = Diagnostic::new("sql-text-of", place).with("from", sql_type(&from));
            self.found.insert(told.with("to", "VARCHAR"));
        }
    }

    fn function(&mut self, expr: &Expr, function: &ScalarFunction, parent: Option<&Expr>) {
        let name = function.func.name();
        let args = &function.args;
        let called = |written: &[&str]| place::locate_call(self.query, written, first_span(expr));
        match name {
            "concat" | "concat_ws" => {
                let place = called(&[name]);
                for part in args {
                    self.as_text(part, place.clone());
                }
            }
            "substr" if args.get(1).is_some_and(|start| !is_at_least_one(start)) => {
                let place = called(&["substr", "substring"]);
                self.refuse("sql-substr-start", place, name);
            }
            "date_part" => {
                let part = args.first().and_then(text_of).unwrap_or_default().to_lowercase();
                let moment = args.get(1).and_then(|from| self.type_of(from));
                let seconds = part == "epoch"
                    && matches!(moment, Some(DataType::Timestamp(..) | DataType::Date32))
                    && parent.is_some_and(|parent| is_cast_to(parent, expr, &DataType::Int64));
                let whole = PARTS.contains(&part.as_str())
                    && matches!(moment, Some(DataType::Timestamp(..) | DataType::Date32));
                if !seconds && !whole {
                    let place = called(&["extract", "date_part", "datepart"]);
                    self.refuse("sql-date-part", place, &part);
                }
            }
            _ => {}
        }
    }

    fn refuse(&mut self, code: &'static str, place: Place, name: &str) {
        self.found.insert(Diagnostic::new(code, place).with("name", name));
    }

    fn word(&self, word: &str) -> Place {
        place::locate(self.query, word)
    }

    fn type_of(&self, expr: &Expr) -> Option<DataType> {
        expr.get_type(self.schema).ok()
    }
}

/// The parts of a date or moment that are the same whole numbers everywhere.
const PARTS: [&str; 11] =
    ["year", "quarter", "month", "week", "day", "hour", "minute", "second", "doy", "dow", "isodow"];

/// UNION takes the types of its first branch here and wider ones elsewhere.
fn branches(query: &Query, inputs: &[std::sync::Arc<LogicalPlan>]) -> BTreeSet<Diagnostic> {
    let mut found = BTreeSet::new();
    let Some((first, others)) = inputs.split_first() else { return found };
    for other in others {
        for (at, (a, b)) in first.schema().fields().iter().zip(other.schema().fields()).enumerate() {
            let (left, right) = (a.data_type(), b.data_type());
            if is_same(left, right) {
                continue;
            }
            let written = match other.as_ref() {
                LogicalPlan::Projection(projection) => projection.expr.get(at).and_then(first_span),
                _ => None,
            };
            let place =
                written.map_or_else(|| place::locate(query, "UNION"), |span| place::span(query, span));
            let told = Diagnostic::new("sql-union-types", place).with("column", a.name());
            found.insert(told.with("left", sql_type(left)).with("right", sql_type(right)));
        }
    }
    found
}

fn is_same(left: &DataType, right: &DataType) -> bool {
    match (left, right) {
        (DataType::Null, _) | (_, DataType::Null) => true,
        (DataType::Decimal128(_, a), DataType::Decimal128(_, b)) => a == b,
        (a, b) => a == b || (a.is_integer() && b.is_integer()) || (is_text(a) && is_text(b)),
    }
}

/// Whether the value is a quotient, whatever it was wrapped in since.
fn is_quotient(expr: &Expr) -> bool {
    match expr {
        Expr::BinaryExpr(binary) => match binary.op {
            Operator::Divide => true,
            Operator::Plus | Operator::Minus | Operator::Multiply | Operator::Modulo => {
                is_quotient(&binary.left) || is_quotient(&binary.right)
            }
            _ => false,
        },
        Expr::Alias(alias) => is_quotient(&alias.expr),
        Expr::Cast(cast) => is_quotient(&cast.expr),
        Expr::TryCast(cast) => is_quotient(&cast.expr),
        Expr::Negative(inner) => is_quotient(inner),
        Expr::Case(case) => {
            case.when_then_expr.iter().any(|(_, then)| is_quotient(then))
                || case.else_expr.as_deref().is_some_and(is_quotient)
        }
        Expr::ScalarFunction(function) => function.args.iter().any(is_quotient),
        _ => false,
    }
}

/// A date moved by an interval is a moment elsewhere, only small whole numbers move it there, and between two moments
/// there is a time of another type.
fn is_date_sum(left: Option<&DataType>, right: Option<&DataType>, by: &Expr) -> bool {
    let Some((left, right)) = left.zip(right) else { return false };
    if matches!((left, right), (DataType::Timestamp(..), DataType::Timestamp(..))) {
        return true;
    }
    let literal = matches!(by, Expr::Literal(..));
    *left == DataType::Date32
        && (matches!(right, DataType::Interval(_)) || (*right == DataType::Int64 && !literal))
}

fn is_cast_to(parent: &Expr, child: &Expr, to: &DataType) -> bool {
    matches!(parent, Expr::Cast(cast) if cast.field.data_type() == to && cast.expr.as_ref() == child)
}

/// Seconds of an epoch are whole: moments of extracts have no fractions.
fn is_rounded(expr: &Expr) -> bool {
    const ROUND: [&str; 4] = ["round", "floor", "ceil", "trunc"];
    matches!(expr, Expr::ScalarFunction(function) if function.func.name() == "date_part")
        || matches!(expr, Expr::ScalarFunction(function) if ROUND.contains(&function.func.name()) && function.args.len() == 1)
}

fn is_at_least_one(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(ScalarValue::Int64(Some(start)), _) if *start >= 1)
}

fn text_of(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(value, _) => value.try_as_str().flatten(),
        _ => None,
    }
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn is_day(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Date32 | DataType::Timestamp(..))
}
