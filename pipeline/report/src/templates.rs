//! The files a page may use: the built-in theme, components and macros, with an assessment's own standing before them.

use std::collections::BTreeMap;
use std::path::Path;

use model::{Diagnostic, Place, files};

/// Built-in files by path under `templates/`.
const BUILT_IN: [(&str, &str); 14] = [
    ("components/bars.typ", include_str!("../../../templates/components/bars.typ")),
    ("components/callout.typ", include_str!("../../../templates/components/callout.typ")),
    ("components/contents.typ", include_str!("../../../templates/components/contents.typ")),
    ("components/cover.typ", include_str!("../../../templates/components/cover.typ")),
    ("components/exhibit.typ", include_str!("../../../templates/components/exhibit.typ")),
    ("components/heat.typ", include_str!("../../../templates/components/heat.typ")),
    ("components/palette.typ", include_str!("../../../templates/components/palette.typ")),
    ("components/ranking.typ", include_str!("../../../templates/components/ranking.typ")),
    ("components/table.typ", include_str!("../../../templates/components/table.typ")),
    ("components/tiles.typ", include_str!("../../../templates/components/tiles.typ")),
    ("macros/alt.j2", include_str!("../../../templates/macros/alt.j2")),
    ("macros/charts.j2", include_str!("../../../templates/macros/charts.j2")),
    ("macros/sentences.j2", include_str!("../../../templates/macros/sentences.j2")),
    ("theme.typ", include_str!("../../../templates/theme.typ")),
];

/// Endings of files a page may use: Typst, minijinja, and drawings for a logo.
const ENDINGS: [&str; 4] = [".typ", ".j2", ".svg", ".png"];

/// What a template file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `.typ`
    Typst,
    /// `.j2`
    Jinja,
    /// `.svg`, `.png`
    Drawing,
}

/// What a path's ending says the file is.
pub(crate) fn kind(path: &str) -> Kind {
    match path.rsplit('.').next() {
        Some("typ") => Kind::Typst,
        Some("j2") => Kind::Jinja,
        _ => Kind::Drawing,
    }
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFile {
    /// How messages name it.
    pub shown_as: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl TemplateFile {
    /// The text, for `.typ` and `.j2` files.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_default()
    }
}

/// All files a page may use, by their path under the templates folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Templates {
    files: BTreeMap<String, TemplateFile>,
}

impl Templates {
    /// The files embedded in the program.
    pub fn built_in() -> Self {
        let file = |(path, text): (&str, &str)| {
            let shown_as = format!("templates/{path}");
            (path.to_owned(), TemplateFile { shown_as, bytes: text.as_bytes().to_vec() })
        };
        Self { files: BUILT_IN.into_iter().map(file).collect() }
    }

    /// The embedded files with those of a folder before them; the folder need not exist. Messages name its files
    /// `shown_as/…`.
    pub fn with_folder(folder: &Path, shown_as: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut templates = Self::built_in();
        let mut diagnostics = Vec::new();
        for path in files::list(folder, &ENDINGS).map_err(|error| vec![error.into()])? {
            let shown_as = format!("{shown_as}/{path}");
            match files::read(&folder.join(&path)) {
                Ok(bytes) => {
                    if kind(&path) != Kind::Drawing && std::str::from_utf8(&bytes).is_err() {
                        diagnostics.push(
                            Diagnostic::new("file-unusable", Place::file(&shown_as))
                                .with("reason", "not UTF-8"),
                        );
                    }
                    templates.files.insert(path, TemplateFile { shown_as, bytes });
                }
                Err(error) => diagnostics.push(error.into()),
            }
        }
        if diagnostics.is_empty() { Ok(templates) } else { Err(diagnostics) }
    }

    /// A file by its path under the templates folder.
    pub fn get(&self, path: &str) -> Option<&TemplateFile> {
        self.files.get(path)
    }

    /// All files by path, in order: what a digest of the templates is made of.
    pub fn files(&self) -> impl Iterator<Item = (&str, &TemplateFile)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// The digest of all paths and contents.
    pub fn digest(&self) -> model::Digest {
        model::Digest::of_parts(self.files().map(|(path, file)| (path, file.bytes.as_slice())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_embedded() {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates"));
        let listed = files::list(folder, &ENDINGS).unwrap();
        let embedded: Vec<String> = BUILT_IN.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(listed, embedded);
        assert_eq!(Templates::with_folder(folder, "templates").unwrap(), Templates::built_in());
    }

    #[test]
    fn own_files_stand_before_the_built_in_ones() {
        let folder = tempfile::tempdir().unwrap();
        files::write(&folder.path().join("theme.typ"), b"// own").unwrap();
        let templates = Templates::with_folder(folder.path(), "city/templates").unwrap();
        assert_eq!(templates.get("theme.typ").unwrap().text(), "// own");
        assert_eq!(templates.get("theme.typ").unwrap().shown_as, "city/templates/theme.typ");
        assert_eq!(templates.get("macros/alt.j2").unwrap().shown_as, "templates/macros/alt.j2");
        assert_ne!(templates.digest(), Templates::built_in().digest());
    }
}
