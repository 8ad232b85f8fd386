//! From a text to one SELECT and the tables it reads. Everything but a single SELECT over named tables is refused
//! here, before any engine sees it: other statements, files and addresses as tables, functions in FROM.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::common::Span;
use datafusion::sql::sqlparser::ast::Spanned as _;
use datafusion::sql::sqlparser::ast::{
    Expr, Ident, ObjectName, Query as Select, SelectItem, SetExpr, Statement, TableFactor, Visit as _,
    Visitor,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::Token;
use model::{Diagnostic, Place};

use crate::name::TableName;
use crate::place;
use crate::source::Query;

/// A query whose text is one SELECT.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The query.
    pub query: Query,
    /// The tables it reads, in the order they stand; a table read twice stands twice.
    pub tables: Vec<TableUse>,
    pub(crate) select: Box<Select>,
}

impl Parsed {
    /// Where an output column gets its name: in the list of the (first) SELECT, the last one of that name.
    pub(crate) fn output(&self, name: &str) -> Option<Place> {
        let mut body = self.select.body.as_ref();
        let list = loop {
            match body {
                SetExpr::Select(select) => break &select.projection,
                SetExpr::SetOperation { left, .. } => body = left,
                SetExpr::Query(inner) => body = &inner.body,
                _ => return None,
            }
        };
        let named = list.iter().filter_map(|item| match item {
            SelectItem::ExprWithAlias { alias, .. } => Some(vec![alias]),
            SelectItem::UnnamedExpr(Expr::Identifier(ident)) => Some(vec![ident]),
            SelectItem::UnnamedExpr(Expr::CompoundIdentifier(idents)) => Some(idents.iter().collect()),
            _ => None,
        });
        let named: Vec<Vec<&Ident>> = named.collect();
        let found = named.iter().rfind(|idents| idents.last().is_some_and(|ident| normal(ident) == name))?;
        Some(place::idents(&self.query, found))
    }
}

/// A table where a query reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableUse {
    /// Which table.
    pub name: TableName,
    /// Where it is named.
    pub place: Place,
}

/// Parses a query.
///
/// # Errors
/// The syntax error, or everything in the text that is not one SELECT over named tables.
pub fn parse(query: &Query) -> Result<Parsed, Vec<Diagnostic>> {
    let select = one_select(query).map_err(|found| vec![*found])?;
    let mut tables = Tables {
        query,
        scope: Vec::new(),
        uses: Vec::new(),
        seen: BTreeSet::new(),
        wrong: BTreeSet::new(),
        depth: 0,
    };
    let _: ControlFlow<()> = select.visit(&mut tables);
    if tables.wrong.is_empty() {
        Ok(Parsed { query: query.clone(), tables: tables.uses, select })
    } else {
        Err(tables.wrong.into_iter().collect())
    }
}

fn one_select(query: &Query) -> Result<Box<Select>, Box<Diagnostic>> {
    let statements = Parser::new(&GenericDialect {})
        .try_with_sql(&query.text)
        .and_then(|mut parser| parser.parse_statements())
        .map_err(|error| Box::new(syntax(query, &error)))?;
    let tokens = place::tokens(query);
    let mut statements = statements.into_iter();
    let first = match statements.next() {
        Some(Statement::Query(select)) => select,
        Some(_) => {
            let first = tokens.first();
            let place = first.map_or_else(|| Place::file(&query.file), |first| place::token(query, first));
            let found = first.map(|first| first.token.to_string().to_uppercase()).unwrap_or_default();
            return Err(Box::new(Diagnostic::new("sql-not-select", place).with("found", found)));
        }
        None => return Err(Box::new(Diagnostic::new("sql-empty", Place::file(&query.file)))),
    };
    if statements.next().is_some() {
        let semicolon = tokens.iter().position(|token| token.token == Token::SemiColon);
        let second =
            semicolon.and_then(|at| tokens[at..].iter().find(|token| token.token != Token::SemiColon));
        let place = second.map_or_else(|| place::end(query), |second| place::token(query, second));
        return Err(Box::new(Diagnostic::new("sql-many-statements", place)));
    }
    Ok(first)
}

/// The parser says where only in its sentence: `… at Line: 3, Column: 8`.
fn syntax(query: &Query, error: &ParserError) -> Diagnostic {
    let text = match error {
        ParserError::ParserError(text) | ParserError::TokenizerError(text) => text.as_str(),
        ParserError::RecursionLimitExceeded => {
            return Diagnostic::new("sql-syntax", Place::file(&query.file))
                .with("reason", "too deeply nested");
        }
    };
    let (reason, position) = text.rsplit_once(" at Line: ").unwrap_or((text, ""));
    let position = position.split_once(", Column: ");
    let place =
        match position.and_then(|(line, column)| Some((line.parse().ok()?, column.trim().parse().ok()?))) {
            Some((line, column)) => place::at(query, line, column, 1),
            None => place::end(query),
        };
    Diagnostic::new("sql-syntax", place).with("reason", lower_first(reason))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// Expressions nested deeper than this would outgrow the planner's stack: it walks them by recursion.
const MAX_DEPTH: usize = 500;

/// Collects tables with the names of WITH in scope. A name of WITH is not in scope inside its own definition, so
/// each definition is visited once before its name enters; the walk meets it again later, hence `seen`.
struct Tables<'a> {
    query: &'a Query,
    scope: Vec<String>,
    uses: Vec<TableUse>,
    seen: BTreeSet<Place>,
    wrong: BTreeSet<Diagnostic>,
    depth: usize,
}

impl Tables<'_> {
    fn table(&mut self, name: &ObjectName) {
        let idents: Option<Vec<&Ident>> = name.0.iter().map(|part| part.as_ident()).collect();
        let idents = idents.unwrap_or_default();
        let values: Vec<String> = idents.iter().map(|ident| normal(ident)).collect();
        if let [single] = values.as_slice()
            && self.scope.contains(single)
        {
            return;
        }
        let mut place = place::idents(self.query, &idents);
        if place.line.is_none() {
            // The parser forgets where a table in single quotes stood.
            place = place::locate_token(self.query, &name.to_string());
        }
        if !self.seen.insert(place.clone()) {
            return;
        }
        let outside = idents.iter().any(|ident| is_outside(ident));
        let code = match values.as_slice() {
            _ if outside => "sql-outside-table",
            [_] => "sql-unqualified-table",
            [schema, table] => match TableName::new(schema, table) {
                Some(name) => {
                    self.uses.push(TableUse { name, place });
                    return;
                }
                None => "sql-table-name",
            },
            _ => "sql-table-name",
        };
        self.refuse(code, place, &name.to_string());
    }

    fn refuse(&mut self, code: &'static str, place: Place, name: &str) {
        self.wrong.insert(Diagnostic::new(code, place).with("name", name));
    }

    fn refuse_word(&mut self, code: &'static str, word: &str) {
        self.refuse(code, place::locate(self.query, word), word);
    }
}

impl Visitor for Tables<'_> {
    type Break = ();

    fn pre_visit_relation(&mut self, name: &ObjectName) -> ControlFlow<()> {
        self.table(name);
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, select: &Select) -> ControlFlow<()> {
        if let Some(with) = &select.with {
            for cte in &with.cte_tables {
                if !with.recursive {
                    cte.visit(self)?;
                }
                self.scope.push(normal(&cte.alias.name));
            }
        }
        if !select.pipe_operators.is_empty() {
            self.refuse("sql-not-portable", Place::file(&self.query.file), "|>");
        }
        if select.fetch.is_some() {
            self.refuse_word("sql-not-portable", "FETCH");
        }
        set_expressions(&select.body, &mut |body| match body {
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                let found = body.to_string().split_whitespace().next().unwrap_or_default().to_uppercase();
                let place = place::locate(self.query, &found);
                self.wrong.insert(Diagnostic::new("sql-not-select", place).with("found", found));
            }
            SetExpr::Table(_) => self.refuse_word("sql-not-portable", "TABLE"),
            SetExpr::Select(select) if select.into.is_some() => self.refuse_word("sql-not-portable", "INTO"),
            SetExpr::Select(select) if !select.lateral_views.is_empty() => {
                self.refuse_word("sql-not-portable", "LATERAL");
            }
            _ => {}
        });
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        self.depth += 1;
        if self.depth == MAX_DEPTH {
            let span = Span::try_from_sqlparser_span(expr.span());
            let place =
                span.map_or_else(|| Place::file(&self.query.file), |span| place::span(self.query, span));
            self.wrong.insert(Diagnostic::new("sql-too-deep", place).with("limit", MAX_DEPTH));
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, select: &Select) -> ControlFlow<()> {
        let names = select.with.as_ref().map_or(0, |with| with.cte_tables.len());
        self.scope.truncate(self.scope.len().saturating_sub(names));
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        match factor {
            TableFactor::Table { name, args: Some(_), .. } | TableFactor::Function { name, .. } => {
                let idents: Vec<&Ident> = name.0.iter().filter_map(|part| part.as_ident()).collect();
                let place = place::idents(self.query, &idents);
                // The walk would take the function's name for a table's next.
                self.seen.insert(place.clone());
                self.refuse("sql-table-function", place, &name.to_string().to_lowercase());
            }
            TableFactor::UNNEST { .. } => self.refuse_word("sql-table-function", "UNNEST"),
            TableFactor::Table { sample: Some(_), .. } | TableFactor::Derived { sample: Some(_), .. } => {
                let word = if self.query.text.to_uppercase().contains("TABLESAMPLE") {
                    "TABLESAMPLE"
                } else {
                    "SAMPLE"
                };
                self.refuse_word("sql-not-portable", word);
            }
            TableFactor::Table { version: Some(version), .. } => {
                self.refuse("sql-not-portable", Place::file(&self.query.file), &version.to_string());
            }
            TableFactor::Table { .. } | TableFactor::Derived { .. } | TableFactor::NestedJoin { .. } => {}
            other => {
                let shown = other.to_string();
                self.refuse("sql-not-portable", Place::file(&self.query.file), &shown);
            }
        }
        ControlFlow::Continue(())
    }
}

/// Both sides of every UNION, without entering subqueries (the visitor does).
pub(crate) fn set_expressions(body: &SetExpr, each: &mut dyn FnMut(&SetExpr)) {
    each(body);
    if let SetExpr::SetOperation { left, right, .. } = body {
        set_expressions(left, each);
        set_expressions(right, each);
    }
}

/// As the engine reads identifiers: lower case unless quoted.
fn normal(ident: &Ident) -> String {
    if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() }
}

/// Whether a name is really a file or an address.
fn is_outside(ident: &Ident) -> bool {
    let value = ident.value.to_lowercase();
    ident.quote_style == Some('\'')
        || value.contains(['/', '\\', ':', '*'])
        || [".parquet", ".csv", ".json", ".arrow", ".tsv", ".xlsx"]
            .iter()
            .any(|ending| value.ends_with(ending))
}
