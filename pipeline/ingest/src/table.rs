//! Arrow: the schema of a contract's rows, of its rejects, and the batches themselves.
//!
//! No view or dictionary types and no unsigned integers, so that any engine reads them. S3 fields are in no schema.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, StringArray, StringBuilder,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field as Column, Schema, SchemaRef, TimeUnit};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use model::resolve::Meaning;
use model::{Contract, Delivery, Field, FieldType};

use crate::bind::writable;
use crate::values::Value;

/// The columns of a contract's extract, in order.
pub fn schema(contract: &Contract) -> SchemaRef {
    let mut columns = vec![whole("_origin", false), whole("_delivery", false)];
    if contract.unit_field().is_some() {
        columns.extend([text("_of_which", true), text("partition", false), text("vintage", false)]);
    }
    columns.push(text("period", false));
    columns.extend(written(contract).map(|(_, field)| Column::new(&field.name, stored(field.kind), true)));
    Arc::new(Schema::new(columns))
}

/// The columns of rejected rows: `raw` holds the cells of the row as a JSON array of texts, S3 masked. `unit` and
/// `_of_which` are the unit it names, also one outside the partition; `no_unit` says what a row is that is none
/// (`residual`, `total`, …). All three are NULL where its label is unknown or the contract has no units.
pub fn rejects_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        whole("_origin", false),
        text("contract", false),
        text("code", false),
        text("field", false),
        text("raw", false),
        text("unit", true),
        text("_of_which", true),
        text("no_unit", true),
    ]))
}

pub(crate) fn text(name: &str, nullable: bool) -> Column {
    Column::new(name, DataType::Utf8, nullable)
}

pub(crate) fn whole(name: &str, nullable: bool) -> Column {
    Column::new(name, DataType::Int64, nullable)
}

fn stored(kind: FieldType) -> DataType {
    match kind.decimal() {
        Some((precision, scale)) => DataType::Decimal128(precision, scale),
        None if kind == FieldType::Int => DataType::Int64,
        None if kind == FieldType::Date => DataType::Date32,
        None if kind == FieldType::Datetime => DataType::Timestamp(TimeUnit::Microsecond, None),
        None if kind == FieldType::Bool => DataType::Boolean,
        None => DataType::Utf8,
    }
}

/// A column that is being filled.
#[derive(Debug)]
pub(crate) enum Values {
    /// VARCHAR.
    Text(Vec<Option<String>>),
    /// VARCHAR of a long table, one text behind the other.
    Texts(StringBuilder),
    /// VARCHAR, the same in so many rows.
    Same(String, usize),
    /// BIGINT.
    Whole(Vec<Option<i64>>),
    /// INTEGER.
    Number(Vec<Option<i32>>),
    /// DECIMAL.
    Decimal(Vec<Option<i128>>, u8, i8),
    /// DATE.
    Date(Vec<Option<i32>>),
    /// TIMESTAMP, in microseconds.
    Moment(Vec<Option<i64>>),
    /// BOOLEAN.
    Bool(Vec<Option<bool>>),
}

impl Values {
    fn of(kind: FieldType) -> Self {
        match kind.decimal() {
            Some((precision, scale)) => Self::Decimal(Vec::new(), precision, scale),
            None if kind == FieldType::Int => Self::Whole(Vec::new()),
            None if kind == FieldType::Date => Self::Date(Vec::new()),
            None if kind == FieldType::Datetime => Self::Moment(Vec::new()),
            None if kind == FieldType::Bool => Self::Bool(Vec::new()),
            None => Self::Texts(StringBuilder::new()),
        }
    }

    /// A value of another type than the column's becomes NULL; values come from the same field type as the column.
    fn push(&mut self, value: Option<Value>) {
        match (self, value) {
            (Self::Text(values), Some(Value::Text(text))) => values.push(Some(text.into())),
            (Self::Text(values), _) => values.push(None),
            (Self::Texts(values), Some(Value::Text(text))) => values.append_value(text),
            (Self::Texts(values), _) => values.append_null(),
            (Self::Same(_, count), _) => *count += 1,
            (Self::Whole(values), Some(Value::Int(number))) => values.push(Some(number)),
            (Self::Moment(values), Some(Value::Moment(seconds))) => {
                values.push(seconds.checked_mul(1_000_000));
            }
            (Self::Whole(values) | Self::Moment(values), _) => values.push(None),
            (Self::Decimal(values, ..), Some(Value::Decimal(scaled))) => values.push(Some(scaled)),
            (Self::Decimal(values, ..), _) => values.push(None),
            (Self::Date(values), Some(Value::Date(days))) => values.push(Some(days)),
            (Self::Number(values) | Self::Date(values), _) => values.push(None),
            (Self::Bool(values), Some(Value::Bool(truth))) => values.push(Some(truth)),
            (Self::Bool(values), _) => values.push(None),
        }
    }

    fn array(self) -> ArrayRef {
        match self {
            Self::Text(values) => Arc::new(StringArray::from(values)),
            Self::Texts(mut values) => Arc::new(values.finish()),
            Self::Same(text, count) => {
                Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, count)))
            }
            Self::Whole(values) => Arc::new(Int64Array::from(values)),
            Self::Number(values) => Arc::new(Int32Array::from(values)),
            Self::Date(values) => Arc::new(Date32Array::from(values)),
            Self::Moment(values) => Arc::new(TimestampMicrosecondArray::from(values)),
            Self::Bool(values) => Arc::new(BooleanArray::from(values)),
            Self::Decimal(values, precision, scale) => {
                let array = Decimal128Array::from(values);
                let length = arrow::array::Array::len(&array);
                let typed = array.with_precision_and_scale(precision, scale);
                Arc::new(typed.unwrap_or_else(|_| Decimal128Array::new_null(length)))
            }
        }
    }
}

/// A batch of columns that fit the schema. Should they not, which the callers rule out, it has no rows: the row
/// accounting then differs from the rows written.
pub(crate) fn batch(schema: SchemaRef, columns: Vec<Values>) -> RecordBatch {
    let arrays = columns.into_iter().map(Values::array).collect();
    let options = RecordBatchOptions::new();
    RecordBatch::try_new_with_options(schema.clone(), arrays, &options)
        .unwrap_or_else(|_| RecordBatch::new_empty(schema))
}

/// The accepted rows of a source.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    contract: &'a Contract,
    origins: Vec<Option<i64>>,
    of_which: StringBuilder,
    /// The field that fills the column `period`, and its values.
    period: Option<(usize, Values)>,
    /// The other fields that are written.
    fields: Vec<(usize, Values)>,
}

impl<'a> Rows<'a> {
    /// No rows yet.
    pub(crate) fn new(contract: &'a Contract) -> Self {
        let fields = written(contract).map(|(at, field)| (at, Values::of(field.kind))).collect();
        let period = contract.field.iter().position(Field::is_period);
        let period = period.map(|at| (at, Values::Texts(StringBuilder::new())));
        Self { contract, origins: Vec::new(), of_which: StringBuilder::new(), period, fields }
    }

    /// Adds a row; `values` holds one for each field of the contract, in order.
    pub(crate) fn push(&mut self, origin: i64, of_which: Option<String>, mut values: Vec<Option<Value>>) {
        self.origins.push(Some(origin));
        self.of_which.append_option(of_which);
        for (at, column) in self.fields.iter_mut().chain(&mut self.period) {
            column.push(values.get_mut(*at).and_then(Option::take));
        }
    }

    /// Puts numbers into a field of counts, one a row, in order.
    pub(crate) fn number(&mut self, field: usize, numbers: Vec<i64>) {
        if let Some((_, Values::Whole(column))) = self.fields.iter_mut().find(|(at, _)| *at == field) {
            *column = numbers.into_iter().map(Some).collect();
        }
    }

    /// The batch, with what the delivery says of all its rows.
    pub(crate) fn finish(self, delivery: &Delivery, number: i64) -> RecordBatch {
        let count = self.origins.len();
        let same = |text: &str| Values::Same(text.to_owned(), count);
        let mut columns = vec![Values::Whole(self.origins), Values::Whole(vec![Some(number); count])];
        if self.contract.unit_field().is_some() {
            columns.extend([
                Values::Texts(self.of_which),
                same(&delivery.partition),
                same(&delivery.vintage),
            ]);
        }
        let period = self.period.map(|(_, periods)| periods);
        columns.push(period.unwrap_or_else(|| same(&delivery.period.to_string())));
        columns.extend(self.fields.into_iter().map(|(_, values)| values));
        batch(schema(self.contract), columns)
    }
}

/// The fields of a contract that have a column of their own in its extract, in order.
fn written(contract: &Contract) -> impl Iterator<Item = (usize, &Field)> {
    contract.field.iter().enumerate().filter(|(_, field)| writable(field) && !field.is_period())
}

/// The refused rows of a source.
#[derive(Debug, Default)]
pub(crate) struct Rejects {
    origins: Vec<Option<i64>>,
    codes: Vec<Option<String>>,
    fields: Vec<Option<String>>,
    raw: Vec<Option<String>>,
    units: Vec<Option<String>>,
    of_which: Vec<Option<String>>,
    no_units: Vec<Option<String>>,
}

/// Whom a row speaks of, whether it can be used or not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    /// The unit.
    pub(crate) unit: Option<String>,
    /// The county it is a part of.
    pub(crate) of_which: Option<String>,
    /// What it is if it is no unit.
    pub(crate) no_unit: Option<String>,
}

impl Named {
    /// What a label means.
    pub(crate) fn of(meaning: &Meaning) -> Self {
        match meaning {
            Meaning::Unit { unit, of_which, .. } => {
                Self { unit: Some(unit.clone()), of_which: of_which.clone(), no_unit: None }
            }
            Meaning::OutsidePartition { unit } => Self { unit: Some(unit.clone()), ..Self::default() },
            Meaning::Other(kind) => Self { no_unit: Some(kind.clone()), ..Self::default() },
            Meaning::OtherPart => Self { no_unit: Some("part_of".to_owned()), ..Self::default() },
            Meaning::Unknown { .. } => Self::default(),
        }
    }
}

impl Rejects {
    /// Adds a row with the code of the finding it was refused for, and its cells as shown.
    pub(crate) fn push(&mut self, origin: i64, code: &str, field: &str, cells: &[String]) {
        self.origins.push(Some(origin));
        self.codes.push(Some(code.to_owned()));
        self.fields.push(Some(field.to_owned()));
        self.raw.push(Some(serde_json::Value::from(cells).to_string()));
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.origins.len()
    }

    /// Says whom the rows speak of that were added since the last time.
    pub(crate) fn name(&mut self, named: &Named) {
        let county = named.of_which.clone().filter(|county| !county.is_empty());
        self.units.resize(self.origins.len(), named.unit.clone());
        self.of_which.resize(self.origins.len(), county);
        self.no_units.resize(self.origins.len(), named.no_unit.clone());
    }

    /// The batch.
    pub(crate) fn finish(mut self, contract: &Contract) -> RecordBatch {
        self.name(&Named::default());
        let contracts = vec![Some(contract.id.clone()); self.origins.len()];
        let texts = [contracts, self.codes, self.fields, self.raw, self.units, self.of_which, self.no_units]
            .map(Values::Text);
        let columns = std::iter::once(Values::Whole(self.origins)).chain(texts).collect();
        batch(rejects_schema(), columns)
    }
}
