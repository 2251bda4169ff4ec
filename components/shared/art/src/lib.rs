//! Product pictures, drawn as SVG from a product's category, kind and handle.
//!
//! Every picture has the same light (upper left), one soft shadow on the ground and one palette per category, so that a
//! page of them looks like one catalogue. The same input always gives the same bytes. The picture never contains any of
//! the input text: strings only choose shapes and colours, so nothing a caller passes can end up in the markup.

mod kinds;
mod light;
mod palette;
mod path;
mod pen;
mod shapes;

pub use kinds::{KINDS, has_drawing};
pub(crate) use pen::{Pen, Shade};

/// The picture of a product as a complete SVG document (`viewBox="0 0 800 800"`), below 6 KB.
///
/// `category` and `kind` may be display names (`Tea & Coffee`) or slugs (`tea-coffee`). An unknown category gets the
/// neutral palette and an unknown kind the wrapped parcel. `handle` varies colour, proportion and ornament; colour
/// words in it (`indigo`, `walnut`) win over the palette, so that the picture agrees with the title.
pub fn product_svg(category: &str, kind: &str, handle: &str) -> String {
    let palette = palette::of_category(&slug(category));
    let kind = slug(kind);
    let (draw, size) = kinds::drawing(&kind);
    let mut pen = Pen::new(palette, &kind, &slug(handle));
    pen.backdrop(size);
    draw(&mut pen);
    pen.finish()
}

/// Lower-case ASCII letters and digits, everything else folded into single dashes: `Tea & Coffee` is `tea-coffee`.
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            '\'' | '’' => {}
            'é' | 'è' | 'ê' => out.push('e'),
            'ü' => out.push('u'),
            'ö' => out.push('o'),
            'â' | 'à' => out.push('a'),
            _ if out.is_empty() || out.ends_with('-') => {}
            _ => out.push('-'),
        }
    }
    while out.ends_with('-') {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests;
