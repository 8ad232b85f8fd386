//! The five fonts every report is set in, embedded in the program: no font of the system is ever used.
//!
//! Their order in the book is fixed and their bytes are pinned by `templates/fonts/SHA256SUMS`, because the same
//! input must give the same PDF anywhere.

use std::sync::LazyLock;

use ttf_parser::Face;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// The checksums file beside the fonts, as `sha256sum` writes it.
pub(crate) const CHECKSUMS: &str = include_str!("../../../templates/fonts/SHA256SUMS");

/// The font files by name, in the order of the book.
pub(crate) const FILES: [(&str, &[u8]); 5] = [
    ("NotoSerifSC-Regular.ttf", include_bytes!("../../../templates/fonts/NotoSerifSC-Regular.ttf")),
    ("NotoSerifSC-Bold.ttf", include_bytes!("../../../templates/fonts/NotoSerifSC-Bold.ttf")),
    ("NotoSansSC-Regular.ttf", include_bytes!("../../../templates/fonts/NotoSansSC-Regular.ttf")),
    ("NotoSansSC-Bold.ttf", include_bytes!("../../../templates/fonts/NotoSansSC-Bold.ttf")),
    ("LXGWWenKai-Regular.ttf", include_bytes!("../../../templates/fonts/LXGWWenKai-Regular.ttf")),
];

/// The fonts, parsed once.
pub(crate) static FONTS: LazyLock<Vec<Font>> =
    LazyLock::new(|| FILES.iter().filter_map(|(_, bytes)| Font::new(Bytes::new(*bytes), 0)).collect());

/// The faces that must cover every text: serif and sans, regular and bold. The theme sets the Kai face with the serif
/// behind it, so that face restricts nothing.
static FACES: LazyLock<Vec<Face<'static>>> =
    LazyLock::new(|| FILES.iter().take(4).filter_map(|(_, bytes)| Face::parse(bytes, 0).ok()).collect());

/// What Typst selects fonts from.
pub(crate) static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

/// The digest of all fonts: of their checksums file. Part of the input digest of every report.
pub fn font_digest() -> model::Digest {
    model::Digest::of(CHECKSUMS)
}

/// Whether a character can be shown wherever the theme may set it.
pub(crate) fn covers(character: char) -> bool {
    FACES.iter().all(|face| face.glyph_index(character).is_some_and(|glyph| glyph.0 != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_are_the_pinned_files() {
        let sums: Vec<(String, &str)> =
            FILES.iter().map(|(name, bytes)| (model::Digest::of(bytes).hex(), *name)).collect();
        for (sum, name) in &sums {
            assert!(
                CHECKSUMS.lines().any(|line| line == format!("{sum}  {name}")),
                "{name} is not the pinned file"
            );
        }
        assert_eq!(CHECKSUMS.lines().count(), FILES.len());
    }

    #[test]
    fn families_have_the_names_the_theme_uses() {
        assert_eq!(FONTS.len(), FILES.len());
        for family in ["Noto Serif SC", "Noto Sans SC", "LXGW WenKai"] {
            assert!(BOOK.contains_family(&family.to_lowercase()), "{family}");
        }
        assert!("鹿城瓯海峃垟，。0−%…—".chars().all(covers));
        assert!(!covers('\u{20000}') && !covers('\u{e000}') && !covers('\u{7}'));
    }
}
