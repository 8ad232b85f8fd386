//! How a diagnostic travels through minijinja: as the source of its error, found again when the error comes out.

use std::fmt;

use minijinja::{Error, ErrorKind};
use model::{Diagnostic, Place};

/// A diagnostic whose place is not yet known.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    diagnostic: Diagnostic,
}

impl Trouble {
    pub(crate) fn new(code: &'static str) -> Self {
        Self { diagnostic: Diagnostic::new(code, Place::default()) }
    }

    pub(crate) fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.diagnostic = self.diagnostic.with(name, value);
        self
    }

    pub(crate) fn suggest(mut self, suggestion: Option<&str>) -> Self {
        self.diagnostic = self.diagnostic.suggest(suggestion);
        self
    }

    /// The diagnostic at its place.
    pub(crate) fn at(&self, place: Place) -> Diagnostic {
        Diagnostic { place, ..self.diagnostic.clone() }
    }

    /// The trouble inside an error, if there is one.
    pub(crate) fn within(error: &Error) -> Option<&Self> {
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(error) = source {
            if let Some(trouble) = error.downcast_ref::<Self>() {
                return Some(trouble);
            }
            source = error.source();
        }
        None
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.diagnostic.code)
    }
}

impl std::error::Error for Trouble {}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        Self::new(ErrorKind::InvalidOperation, trouble.diagnostic.code).with_source(trouble)
    }
}
