//! One file that a bureau sends: what it speaks of, when it came, and how its clean rows are made.

use std::rc::Rc;

use crate::SampleError;
use crate::calendar;
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

/// Takes a clean row, its values in the order of the layout's columns.
pub(crate) type Take<'a> = dyn FnMut(Vec<Value>) -> Result<(), SampleError> + 'a;
/// Makes all clean rows of a file, one after the other.
pub(crate) type Rows = Rc<dyn Fn(&World, &mut Take<'_>) -> Result<(), SampleError>>;

/// What of a file's rows stands in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// All that can be read.
    Rows,
    /// Nothing: a later file says all of it again.
    Superseded,
}

/// A column more than was asked for, behind the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extra {
    /// Growth against the year before: harmless, and nobody asked for it.
    Growth,
    /// Account numbers, which must not be sent: the file is refused whole.
    Accounts,
}

impl Extra {
    /// Its header.
    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::Growth => "同比（%）",
            Self::Accounts => "开户银行账号",
        }
    }
}

/// One file.
#[derive(Clone)]
pub(crate) struct Delivery {
    /// The contract it fulfils.
    pub contract: &'static str,
    /// Its name without ending, under `extracts/`.
    pub name: String,
    /// Its form.
    pub format: Format,
    /// The period it speaks of.
    pub period: String,
    /// The day it came.
    pub received: i32,
    /// The partition of its units; that of the layout if empty.
    pub partition: String,
    /// Names (without ending) of what it replaces.
    pub supersedes: Vec<String>,
    /// What of it stands.
    pub standing: Standing,
    /// No row of it may be lost: earlier files hold its keys too, and would stand instead.
    pub careful: bool,
    /// Some figures of it are wrong, and will be corrected.
    pub wrong: bool,
    /// What stands behind its columns.
    pub extra: Option<Extra>,
    /// Its rows.
    pub rows: Rows,
}

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Delivery {
    /// A file of a contract about a period, come so many days after the period's end, in the contract's usual form.
    pub(crate) fn new(
        contract: &'static str,
        name: &str,
        period: &str,
        format: Format,
        received: i32,
        rows: Rows,
    ) -> Self {
        Self {
            contract,
            name: format!("{contract}/{name}"),
            format,
            period: period.to_owned(),
            received: calendar::working(received),
            partition: String::new(),
            supersedes: Vec::new(),
            standing: Standing::Rows,
            careful: false,
            wrong: false,
            extra: None,
            rows,
        }
    }

    /// The file name with its ending.
    pub(crate) fn file(&self) -> String {
        file(&self.name, self.format)
    }

    /// The year it speaks of.
    pub(crate) fn year(&self) -> &str {
        self.period.get(..4).unwrap_or_default()
    }
}

/// A file name with its ending.
pub(crate) fn file(name: &str, format: Format) -> String {
    format!("{name}.{}", format.ending())
}
