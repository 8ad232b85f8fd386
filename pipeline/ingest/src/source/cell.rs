//! The value of one cell of a table, and what is to be told of it.

use model::contract::FieldSource;
use model::{Field, FieldType, MeasureUnit, text};

use super::MissingValue;
use super::plan::Head;
use super::reader::Reader;
use crate::bind::{showable, writable};
use crate::dates::Dating;
use crate::grid::{Cell, counted};
use crate::header::{split_unit, without_mark};
use crate::personal;
use crate::values::{self, Good, Measure, Missing, Note, Value};

/// The measure unit a row states for its figures.
#[derive(Debug)]
pub(super) struct RowMeasure {
    /// The canonical unit; one we do not know as it stands.
    canonical: Option<String>,
    /// For each field how its figures become canonical; `None` where the row says nothing of it.
    measures: Vec<Option<Measure>>,
    /// The field whose text ends in the unit, and that text without it.
    cut: Option<(usize, String)>,
}

impl RowMeasure {
    /// The value of the field that holds the measure unit.
    pub(super) fn value(&self) -> Option<Value> {
        self.canonical.as_deref().map(|unit| Value::Text(unit.into()))
    }
}

impl Reader<'_> {
    /// The measure unit a row states, if the contract asks for it: in a column, else at the end of one of its texts.
    /// Where the row states none, what holds for the table does.
    pub(super) fn row_measure(&mut self, row: usize) -> Option<RowMeasure> {
        let stated = self.fields().find(|(_, field)| field.from == FieldSource::MeasureUnit);
        let Some((at, field)) = stated else { return self.contradicted(row) };
        let mut cut = None;
        let symbol = if field.has_column() {
            let column = self.plan.row.columns.get(at).copied().flatten();
            column.and_then(|column| {
                let cell = self.place.sheet.spread(row, column);
                let measure = Measure::decide(field, None, &[]);
                let read = values::read(cell, field, &measure, Dating::default());
                let stated = matches!(read, Ok(Ok(_))).then(|| cell.label());
                if stated.as_ref().is_some_and(|symbol| MeasureUnit::parse(symbol).is_none()) {
                    self.note(at, "measure-unit-unknown", row, column);
                }
                stated
            })
        } else {
            let found = self.unit_in_text(row);
            found.map(|(at, text, symbol)| {
                cut = Some((at, text));
                symbol
            })
        };
        let Some(symbol) = symbol else {
            // The figures of the row are in what is declared for their column.
            let heads = self.plan.crossings.first().into_iter().chain([&self.plan.row]);
            let declared = heads.flat_map(|head| &head.measures).find(|measure| !measure.symbol.is_empty());
            let canonical = declared.and_then(|measure| measure.canonical.clone());
            return Some(RowMeasure { canonical, measures: Vec::new(), cut });
        };
        let unit = MeasureUnit::parse(&symbol);
        let of = |field: &Field| {
            let mut measure = Measure::decide(field, Some(&symbol), &[]);
            if unit.is_none() {
                // One we do not know is left as it is, unless the field must come to another.
                let fixed = field.kind.canonical_unit().is_some() || field.measure_unit.is_some();
                measure.factor = (!fixed).then_some(model::Decimal::ONE);
                measure.symbol.clone_from(&symbol);
            }
            field.kind.is_number().then_some(measure)
        };
        let measures = self.fields().map(|(_, field)| of(field)).collect();
        let canonical = unit.map_or(symbol.clone(), |unit| unit.canonical);
        Some(RowMeasure { canonical: Some(canonical), measures, cut })
    }

    /// Where the contract expects no measure units in rows, and a text of this one ends in another than its columns
    /// have (同比增长（%） under 亿元): the fields whose figures cannot be what they seem.
    fn contradicted(&mut self, row: usize) -> Option<RowMeasure> {
        let ending = &mut self.ending;
        let mut ends_in_unit = |(_, cell): &(usize, Cell)| {
            matches!(cell, Cell::Text(text) if text.ends_with([')', '）']))
                && ending.of(cell, || split_unit(&text::squeeze(without_mark(&cell.shown()))).1.is_some())
        };
        if !self.place.sheet.cells(row).iter().any(&mut ends_in_unit) {
            return None;
        }
        let (_, _, symbol) = self.unit_in_text(row)?;
        let unit = MeasureUnit::parse(&symbol)?;
        let head = self.plan.crossings.first().unwrap_or(&self.plan.row);
        // Shares of a row of counts are no counts.
        let quantity = |field: &Field| {
            field.kind.is_number() && !matches!(field.kind, FieldType::Ratio | FieldType::Points)
        };
        let of = |(at, field): (usize, &Field)| {
            let measures =
                if field.from == FieldSource::Cell { &head.measures } else { &self.plan.row.measures };
            let measure = measures.get(at).filter(|measure| quantity(field) && !measure.symbol.is_empty())?;
            let own = MeasureUnit::parse(&measure.symbol)?;
            let differs = (&own.canonical, own.factor) != (&unit.canonical, unit.factor);
            differs.then(|| Measure { factor: None, symbol: symbol.clone(), ..measure.clone() })
        };
        Some(RowMeasure { canonical: None, measures: self.fields().map(of).collect(), cut: None })
    }

    /// The first text of a row that ends in a measure unit in brackets: its field, the text without, the symbol.
    fn unit_in_text(&self, row: usize) -> Option<(usize, String, String)> {
        let texts = self.fields().filter(|(_, field)| {
            let text = matches!(field.kind, FieldType::String | FieldType::Enum | FieldType::Code);
            text && field.from == FieldSource::Column
        });
        texts.into_iter().find_map(|(at, _)| {
            let column = self.plan.row.columns.get(at).copied().flatten()?;
            let shown = text::tidy(&self.place.sheet.spread(row, column).shown());
            let shown = without_mark(&shown);
            let (name, unit) = split_unit(&text::squeeze(shown));
            let unit = unit?;
            let before =
                shown.rfind(['(', '（']).and_then(|at| shown.get(..at)).unwrap_or_default().trim_end();
            // `(上年同期,亿元)` keeps the rest of its bracket.
            let name = if text::squeeze(before) == name { before.to_owned() } else { name };
            (!name.is_empty()).then_some((at, name, unit))
        })
    }

    /// The value of a field in a row. Texts of merged cells hold for all their rows; a merged figure belongs to none
    /// of them alone.
    pub(super) fn value(&mut self, row: usize, at: usize, field: &Field, head: &Head) -> Option<Value> {
        let column = head.columns.get(at).copied().flatten()?;
        self.value_in(row, column, at, field, head)
    }

    /// The value of a field in a row, from this column.
    pub(super) fn value_in(
        &mut self,
        row: usize,
        column: usize,
        at: usize,
        field: &Field,
        head: &Head,
    ) -> Option<Value> {
        let sheet = self.place.sheet;
        let own = sheet.cell(row, column);
        let number = field.kind.is_number();
        let mut cell = if number { own } else { sheet.spread(row, column) };
        let joint = number
            && sheet.merge(row, column).is_some_and(|region| {
                let over_heads = head.number > 0 && region.right > region.left;
                (region.bottom > region.top || over_heads) && !sheet.cell(region.top, region.left).is_empty()
            });
        if joint {
            self.tell_cell(row, Some(column), head.number, field, "merged-figure", sheet.spread(row, column));
            return None;
        }
        if cell.is_without_value() {
            self.tell_cell(row, Some(column), head.number, field, "formula-without-value", cell);
            return None;
        }
        let cut = self.measure_of_row.as_ref().and_then(|measure| measure.cut.clone());
        let cut = cut.filter(|(of, _)| *of == at).map(|(_, text)| Cell::text(&text));
        if let Some(cut) = &cut {
            cell = cut;
        }
        let of_row =
            self.measure_of_row.as_ref().and_then(|of_row| of_row.measures.get(at).cloned().flatten());
        // A column with a unit of its own, and shares beside figures in 亿元, are not in the unit of their row.
        let of_row = of_row.filter(|measure| {
            let has_own = self.table.found.columns.get(column).is_some_and(|column| column.unit.is_some());
            let is_share = matches!(field.kind, FieldType::Ratio | FieldType::Points);
            let mut fields = self.wanted.contract.field.iter();
            let states = fields.any(|field| field.from == FieldSource::MeasureUnit);
            !(states && (has_own || (is_share && measure.factor.is_none())))
        });
        if let Some(unfit) = of_row.as_ref().filter(|measure| measure.factor.is_none() && !cell.is_empty()) {
            self.tell_unfit_row(row, column, head.number, field, unfit);
            self.lack(row, head.number, field, "unreadable", &cell.shown());
            return None;
        }
        let measure = of_row.as_ref().or_else(|| head.measures.get(at))?;
        let dating = head.dating.get(at).copied().unwrap_or_default();
        let read = || values::read(cell, field, measure, dating);
        // Texts are many, and read at a glance; other columns of a wide table may be in other measure units.
        let read = match self.seen.get_mut(at) {
            Some(seen)
                if of_row.is_none()
                    && head.number == 0
                    && !matches!(field.kind, FieldType::String | FieldType::Unit) =>
            {
                seen.of(cell, read)
            }
            _ => read(),
        };
        if self.is_personal(cell, field, &read) {
            self.note(at, "personal-data", row, column);
            self.lack(row, head.number, field, "personal", "");
            return None;
        }
        let good = match read {
            Ok(Ok(good)) => good,
            Ok(Err(Missing::Blank)) => return None,
            Ok(Err(missing)) => {
                self.lack(row, head.number, field, missing.reason(), &cell.shown());
                return None;
            }
            Err(values::Problem::RegistrationNumber) => {
                let taken = field.registration_number.is_some();
                let code = if taken { "registration-number" } else { "registration-number-unplaced" };
                self.note(at, code, row, column);
                self.lack(row, head.number, field, "registration_number", &cell.shown());
                return None;
            }
            // Counted when the row's other values are known.
            Err(values::Problem::Duration) if field.counted_from.is_some() => return None,
            Err(problem) => {
                if let Some(code) = problem.code() {
                    self.tell_cell(row, Some(column), head.number, field, code, cell);
                }
                let reason = if problem == values::Problem::Formula { "error" } else { "unreadable" };
                self.lack(row, head.number, field, reason, &cell.shown());
                return None;
            }
        };
        for note in &good.notes {
            if *note == Note::Approximate {
                self.tell_cell(row, Some(column), head.number, field, note.code(), cell);
            } else {
                self.note(at, note.code(), row, column);
            }
        }
        if !self.keeps_rules((row, Some(column)), head.number, at, field, &good.value, cell) {
            self.lack(row, head.number, field, "refused", &cell.shown());
            return None;
        }
        Some(good.value)
    }

    /// Tests a value against the rules of its field and tells the one it breaks; whether it may stand.
    pub(super) fn keeps_rules(
        &mut self,
        (row, column): (usize, Option<usize>),
        head: u32,
        at: usize,
        field: &Field,
        value: &Value,
        cell: &Cell,
    ) -> bool {
        let Some(broken) = self.rules.test(at, field, value, counted(row)) else { return true };
        self.tell_cell(row, column, head, field, broken.code, cell);
        if let Some(finding) = self.findings.last_mut() {
            finding.params.insert("rule".to_owned(), broken.rule);
        }
        !broken.refuse
    }

    /// Whether a cell of a text column holds personal data. Values that passed the check of their own type are left
    /// alone.
    fn is_personal(&self, cell: &Cell, field: &Field, read: &values::Read) -> bool {
        let tested = match (field.kind, read) {
            (FieldType::Unit, _) => false,
            (FieldType::String, _) => true,
            (FieldType::Code, Ok(Ok(Good { notes, .. }))) => field.length.is_empty() || !notes.is_empty(),
            (kind, Err(_)) => !kind.is_number(),
            _ => false,
        };
        tested && writable(field) && personal::holds(&cell.shown(), &self.place.job.delivery.received_on)
    }

    /// Counts what is told once a column.
    pub(super) fn note(&mut self, at: usize, code: &'static str, row: usize, column: usize) {
        self.noted.entry((at, code)).or_insert((0, row, column)).0 += 1;
    }

    /// Notes why a value is missing.
    pub(super) fn lack(&mut self, row: usize, head: u32, field: &Field, reason: &'static str, raw: &str) {
        if writable(field) {
            let raw = if showable(field) && !self.is_shifted(row) { raw } else { "" };
            let raw = personal::masked(&text::tidy(raw), &self.place.job.delivery.received_on);
            let (origin, field) = (self.origin(row, head), field.name.clone());
            self.missing_of_row.push(MissingValue { origin, field, reason, raw });
        }
    }

    pub(super) fn tell_cell(
        &mut self,
        row: usize,
        column: Option<usize>,
        head: u32,
        field: &Field,
        code: &'static str,
        cell: &Cell,
    ) {
        let received = &self.place.job.delivery.received_on;
        let value = if showable(field) && !self.is_shifted(row) {
            personal::masked(&text::tidy(&cell.shown()), received)
        } else {
            "***".to_owned()
        };
        let finding = self
            .at(row, column, head, code)
            .of_field(&field.name)
            .with("header", column.map_or("", |column| self.header(column)))
            .with("value", value);
        self.findings.push(finding);
    }

    fn tell_unfit_row(&mut self, row: usize, column: usize, head: u32, field: &Field, measure: &Measure) {
        let finding = self
            .at(row, Some(column), head, "row-measure-unfit")
            .of_field(&field.name)
            .with("header", self.header(column))
            .with("found", &measure.symbol)
            .with("expected", measure.canonical.clone().unwrap_or_default());
        self.findings.push(finding);
    }
}
