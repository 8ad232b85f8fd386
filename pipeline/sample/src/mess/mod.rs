//! What goes wrong between a clean row and the row that is sent: a layer over the clean rows, so that a clean sample is one
//! whose rates are zero. Each thing planted is written down with the finding it should lead to, or none where it should be
//! read without a word.
//!
//! [`cells`] holds one function for each kind of mess; here is decided how often, where, and what becomes of the row.

mod cells;
mod consequences;

use std::collections::BTreeMap;

use crate::draw::{Draw, For};
use crate::layout::{Column, Form, Layout};
use crate::paper::Cell;
use crate::value::Value;
use crate::world::World;

/// What a planted thing does to the truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing: the value is read all the same.
    Keeps,
    /// The value cannot be read; where the row needs it, the row is refused.
    Loses,
    /// The row is refused.
    Refuses,
    /// Another value is read.
    Becomes(Value),
    /// Another value is read, and the row is refused because of it once all rows are known.
    Jumps(Value),
}

/// A cell with mess in it.
pub(crate) struct Messed {
    pub(crate) cell: Cell,
    /// The code of the finding; empty: none.
    pub(crate) finding: &'static str,
    pub(crate) effect: Effect,
    /// What in it must turn up nowhere.
    pub(crate) secret: Option<String>,
}

/// Findings that come of all rows of a contract together: only rows that stand, or would, have them.
pub(crate) const OF_PASS_2: [&str; 2] = ["rule-broken", "jump-from-last-year"];

/// One thing planted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Planted {
    /// The sheet row, from 1.
    pub row: u64,
    /// The sheet column, from 1; 0: the row as a whole.
    pub column: usize,
    /// The field whose value it is; empty: none.
    pub field: String,
    /// The class, m01 to m22.
    pub class: &'static str,
    /// What it is, in a word.
    pub what: &'static str,
    /// The code of the finding it should lead to; empty: it should be read without a word.
    pub finding: &'static str,
}

/// A row on its way from clean to sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// Its values, as the Parquet must hold them.
    pub values: Vec<Value>,
    /// Its cells, as they are sent.
    pub cells: Vec<Cell>,
    /// The row must not be kept.
    pub refused: bool,
    /// Its unit is none: nothing else of it is looked at.
    pub gone: bool,
    /// The row is sent twice: the same, or (`true`) with another figure, so that neither stands.
    pub again: Option<bool>,
    /// What was planted that must turn up nowhere.
    pub secrets: Vec<String>,
}

/// What a cell's mess is made from.
pub(crate) struct At<'a> {
    pub(crate) world: &'a World,
    pub(crate) layout: &'a Layout,
    /// All values of the row.
    pub(crate) values: &'a [Value],
    pub(crate) column: &'a Column,
    pub(crate) value: &'a Value,
    pub(crate) cell: &'a Cell,
    pub(crate) partition: &'a str,
    pub(crate) steady: bool,
    pub(crate) formulas: bool,
}

/// A kind of mess: the name of its rate, its class, what it is, and how it is made.
struct Trouble {
    rate: &'static str,
    class: &'static str,
    what: &'static str,
    make: fn(&At<'_>, &mut Draw) -> Option<Messed>,
}

const TROUBLES: [Trouble; 23] = [
    Trouble { rate: "unit_label", class: "m15", what: "unit written otherwise", make: cells::unit_label },
    Trouble { rate: "misspelt", class: "m15", what: "unit misspelt", make: cells::misspelt },
    Trouble {
        rate: "unknown_unit",
        class: "m15",
        what: "no unit of the partition",
        make: cells::unknown_unit,
    },
    Trouble { rate: "full_width", class: "m07", what: "full-width characters", make: cells::full_width },
    Trouble {
        rate: "missing_mark",
        class: "m08",
        what: "mark for a missing value",
        make: cells::missing_mark,
    },
    Trouble { rate: "as_text", class: "m09", what: "number as text", make: cells::as_text },
    Trouble {
        rate: "unit_in_cell",
        class: "m10",
        what: "measure unit in the cell",
        make: cells::unit_in_cell,
    },
    Trouble { rate: "approximate", class: "m10", what: "approximate figure", make: cells::approximate },
    Trouble { rate: "range", class: "m10", what: "range for a figure", make: cells::range },
    Trouble { rate: "other_date", class: "m12", what: "date written otherwise", make: cells::other_date },
    Trouble { rate: "bad_date", class: "m12", what: "no day", make: cells::bad_date },
    Trouble { rate: "code_lower", class: "m13", what: "code in lower case", make: cells::code_lower },
    Trouble {
        rate: "code_letters",
        class: "m13",
        what: "O for 0, I for 1, Z for 2, S for 5",
        make: cells::code_letters,
    },
    Trouble { rate: "code_floated", class: "m13", what: "code that was a number", make: cells::code_floated },
    Trouble {
        rate: "code_wrong",
        class: "m13",
        what: "code with a wrong check character",
        make: cells::code_wrong,
    },
    Trouble { rate: "negative", class: "m14", what: "triangle before a figure", make: cells::triangle },
    Trouble { rate: "precise", class: "m20", what: "digits nobody measured", make: cells::precise },
    Trouble {
        rate: "share_for_count",
        class: "m21",
        what: "share for a count",
        make: cells::share_for_count,
    },
    Trouble {
        rate: "signed_share",
        class: "m11",
        what: "share with a sign of its own",
        make: cells::signed_share,
    },
    Trouble { rate: "footnote", class: "m05", what: "footnote mark at a figure", make: cells::footnote },
    Trouble {
        rate: "other_unit",
        class: "m18",
        what: "figure in another measure unit",
        make: cells::other_unit,
    },
    Trouble { rate: "personal", class: "m22", what: "personal data", make: cells::personal },
    Trouble { rate: "formula", class: "m19", what: "formula without its value", make: cells::formula },
];

/// Mess at rates.
#[derive(Clone, Debug)]
pub(crate) struct Mess {
    rates: BTreeMap<String, u32>,
    times: u32,
}

impl Mess {
    /// Mess at the city's rates, or none.
    pub(crate) fn new(world: &World, clean: bool) -> Self {
        let rates = if clean { BTreeMap::new() } else { world.city.mess.clone() };
        Self { rates, times: world.scale.mess }
    }

    /// A rate of rows, in millionths.
    fn of_rows(&self, name: &str) -> u32 {
        self.rate(name).saturating_mul(self.times)
    }

    /// A rate as the city states it.
    pub(crate) fn rate(&self, name: &str) -> u32 {
        self.rates.get(name).copied().unwrap_or_default()
    }

    /// Plants in a row. `row` is its sheet row. Of rows that share a sheet row only the first has the cells of all, and is
    /// sent twice for all.
    pub(crate) fn plant(
        &self,
        world: &World,
        layout: &Layout,
        place: &Placed<'_>,
        line: &mut Line,
        row: u64,
    ) -> Vec<Planted> {
        let mut planted = Vec::new();
        if self.rates.is_empty() {
            return planted;
        }
        let number = u64::try_from(place.head).unwrap_or_default() << 32 | row;
        let mut draw = Draw::at(world.seed, For::Mess, place.key, number);
        let mut touched: Vec<bool> =
            (0..line.cells.len()).map(|at| layout.on_paper(at, place.head).is_none()).collect();
        for trouble in &TROUBLES {
            if !draw.rarely(self.of_rows(trouble.rate)) {
                continue;
            }
            if line.gone {
                break;
            }
            let start = usize::try_from(draw.below(line.cells.len() as u64)).unwrap_or_default();
            let order = (start..line.cells.len()).chain(0..start);
            for at in order.filter(|at| touched.get(*at) == Some(&false)).collect::<Vec<_>>() {
                if one(world, layout, place, trouble, line, (at, row), &mut draw, &mut planted) {
                    if let Some(touched) = touched.get_mut(at) {
                        *touched = true;
                    }
                    break;
                }
            }
        }
        if draw.rarely(self.of_rows("repeated")) && !line.refused && place.head == 0 {
            let other = |(column, value): (&Column, &Value)| {
                column.adds_up() && matches!(value, Value::Count(1..) | Value::Money(_))
            };
            let can_differ = layout.columns.iter().zip(&line.values).any(other);
            let conflict = !place.careful && draw.happens(300) && can_differ;
            line.again = Some(conflict);
        }
        planted.extend(consequences::of(layout, line, row, &planted));
        planted
    }
}

/// Plants one kind of mess in one cell; says whether it could.
#[expect(clippy::too_many_arguments, reason = "one step of the loop above, apart only to be read alone")]
fn one(
    world: &World,
    layout: &Layout,
    place: &Placed<'_>,
    trouble: &Trouble,
    line: &mut Line,
    (at, row): (usize, u64),
    draw: &mut Draw,
    planted: &mut Vec<Planted>,
) -> bool {
    let (Some(column), Some(value), Some(cell), Some(on_paper)) =
        (layout.columns.get(at), line.values.get(at), line.cells.get(at), layout.on_paper(at, place.head))
    else {
        return false;
    };
    let here = At {
        world,
        layout,
        values: &line.values,
        column,
        value,
        cell,
        partition: place.partition,
        steady: place.steady,
        formulas: place.formulas,
    };
    let Some(messed) = (trouble.make)(&here, draw) else { return false };
    let refuses = match messed.effect {
        Effect::Refuses | Effect::Jumps(_) => true,
        Effect::Loses => !column.optional,
        Effect::Keeps | Effect::Becomes(_) => false,
    };
    // The reader tells one reason a row, and looks at nothing else once the unit is none.
    if refuses && (place.careful || line.refused) {
        return false;
    }
    // A lost code is a lost key.
    if messed.effect == Effect::Loses && column.form == Form::Credit && place.careful {
        return false;
    }
    let note = |finding| Planted {
        row,
        column: on_paper + 1 + place.before,
        field: column.field.clone(),
        class: trouble.class,
        what: trouble.what,
        finding,
    };
    planted.push(note(messed.finding));
    if refuses && messed.effect == Effect::Loses {
        planted.push(note("required-value-missing"));
    }
    line.secrets.extend(messed.secret);
    line.refused |= refuses;
    line.gone |= messed.effect == Effect::Refuses;
    if let Some(value) = line.values.get_mut(at) {
        match messed.effect {
            Effect::Loses => *value = Value::None,
            Effect::Becomes(other) | Effect::Jumps(other) => *value = other,
            Effect::Keeps | Effect::Refuses => {}
        }
    }
    if let Some(cell) = line.cells.get_mut(at) {
        *cell = messed.cell;
    }
    true
}

/// Where rows stand and what may happen to them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed<'a> {
    /// A number of the file, for draws.
    pub key: u32,
    /// The partition of its units.
    pub partition: &'a str,
    /// No row may be lost.
    pub careful: bool,
    /// Columns before the first field.
    pub before: usize,
    /// The same figures were sent for the year before.
    pub steady: bool,
    /// The file may hold formulas.
    pub formulas: bool,
    /// The number of the header value it stands under, where rows share a sheet row.
    pub head: usize,
}

/// A number for a name, the same in every build (FNV-1a).
pub(crate) fn key(name: &str) -> u32 {
    name.bytes().fold(2_166_136_261, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619))
}
