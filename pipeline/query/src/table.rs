//! Arrow rows as the small plain table that reports and terminals take. Decimals stay exact.

use datafusion::arrow::array::{Array, AsArray as _, RecordBatch};
use datafusion::arrow::datatypes::{
    DataType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::util::display::array_value_to_string;
use model::{Table, Value};
use rust_decimal::Decimal;

/// The rows of all batches, which share their columns.
///
/// # Errors
/// A value of a type that has no text.
pub fn to_table(batches: &[RecordBatch]) -> Result<Table, ArrowError> {
    let mut table = Table::default();
    if let Some(first) = batches.first() {
        table.columns = first.schema_ref().fields().iter().map(|field| field.name().clone()).collect();
    }
    for batch in batches {
        for row in 0..batch.num_rows() {
            let values: Result<Vec<Value>, ArrowError> =
                batch.columns().iter().map(|column| value(column.as_ref(), row)).collect();
            table.rows.push(values?);
        }
    }
    Ok(table)
}

fn value(column: &dyn Array, row: usize) -> Result<Value, ArrowError> {
    if column.is_null(row) || *column.data_type() == DataType::Null {
        return Ok(Value::Null);
    }
    Ok(match column.data_type() {
        DataType::Utf8 => Value::Text(column.as_string::<i32>().value(row).to_owned()),
        DataType::Int64 => Value::Int(column.as_primitive::<Int64Type>().value(row)),
        DataType::Int32 => Value::Int(column.as_primitive::<Int32Type>().value(row).into()),
        DataType::Int16 => Value::Int(column.as_primitive::<Int16Type>().value(row).into()),
        DataType::Int8 => Value::Int(column.as_primitive::<Int8Type>().value(row).into()),
        DataType::Float64 => Value::Float(column.as_primitive::<Float64Type>().value(row)),
        DataType::Float32 => Value::Float(column.as_primitive::<Float32Type>().value(row).into()),
        DataType::Boolean => Value::Bool(column.as_boolean().value(row)),
        DataType::Decimal128(_, scale) => {
            let digits = column.as_primitive::<Decimal128Type>().value(row);
            match decimal(digits, *scale) {
                Some(decimal) => Value::Decimal(decimal),
                None => Value::Text(array_value_to_string(column, row)?),
            }
        }
        _ => Value::Text(array_value_to_string(column, row)?),
    })
}

/// The same number, if it fits once zeros behind the point are dropped.
fn decimal(mut digits: i128, scale: i8) -> Option<Decimal> {
    let mut scale = u32::try_from(scale).ok()?;
    loop {
        if let Ok(decimal) = Decimal::try_from_i128_with_scale(digits, scale) {
            return Some(decimal);
        }
        if scale == 0 || digits % 10 != 0 {
            return None;
        }
        digits /= 10;
        scale -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_stay_exact_or_become_text() {
        assert_eq!(decimal(1250, 2), Some(Decimal::new(1250, 2)));
        assert_eq!(decimal(10_i128.pow(30), 8), Some(Decimal::from_i128_with_scale(10_i128.pow(22), 0)));
        assert_eq!(decimal(10_i128.pow(30) + 1, 8), None);
    }
}
