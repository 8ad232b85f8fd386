//! What Typst can see while it sets a report: the templates, the page, the embedded fonts, the edition's date.
//!
//! Why our own `World` and not a crate that brings one: the one at hand answers `today()` with the wall clock, which
//! would make two prints of one edition differ; it hands errors on as debugging text, where we need file, line and
//! column; and it can read the disk and fetch packages, where a template must not. What remains to be written is
//! this file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

use crate::fonts;
use crate::templates::{Kind, Templates, kind};

/// What Typst is told about any file outside the templates; the message is recognised when errors are worded.
pub(crate) const REFUSED: &str = "not among the templates";

/// One library for all reports: a constant library keeps Typst's caches warm.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// The path of the generated page; no template file can have it, because their folder has no such subfolder.
const MAIN: &str = "/_page/page.typ";

/// A closed world of virtual files.
pub(crate) struct PageWorld {
    main: FileId,
    date: Option<Datetime>,
    sources: BTreeMap<String, Source>,
    files: BTreeMap<String, Bytes>,
}

impl PageWorld {
    /// A world with these templates and this generated page.
    pub(crate) fn new(templates: &Templates, page: String, date: Option<(u16, u8, u8)>) -> FileResult<Self> {
        let main = id(MAIN)?;
        let mut sources = BTreeMap::from([(MAIN.to_owned(), Source::new(main, page))]);
        let mut files = BTreeMap::new();
        for (path, file) in templates.files() {
            let path = format!("/{path}");
            if kind(&path) == Kind::Typst {
                sources.insert(path.clone(), Source::new(id(&path)?, file.text().to_owned()));
            }
            files.insert(path, Bytes::new(file.bytes.clone()));
        }
        let date = date.and_then(|(year, month, day)| Datetime::from_ymd(i32::from(year), month, day));
        Ok(Self { main, date, sources, files })
    }

    /// Whether a file is the generated page.
    pub(crate) fn is_main(&self, id: FileId) -> bool {
        id == self.main
    }
}

fn id(path: &str) -> FileResult<FileId> {
    let path = VirtualPath::new(path).map_err(|_| refused())?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn refused() -> FileError {
    FileError::Other(Some(REFUSED.into()))
}

/// The path of a project file; packages have none.
fn path(id: FileId) -> FileResult<&'static str> {
    let path = id.get();
    match path.root() {
        VirtualRoot::Project => Ok(path.vpath().get_with_slash()),
        VirtualRoot::Package(_) => Err(refused()),
    }
}

impl World for PageWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &fonts::BOOK
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(path(id)?).cloned().ok_or_else(refused)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(path(id)?).cloned().ok_or_else(refused)
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts::FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.date
    }
}
