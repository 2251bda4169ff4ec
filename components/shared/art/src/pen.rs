//! The pen: everything a drawing may put on the picture.
//! Owns the light (three shadings that are laid over a flat colour), the one shadow, the brand star, and the choices that
//! depend on the handle. Only integers and colours reach the markup, never text from a caller.

use crate::light::{DEFS, HEAD, OUTLINE};
use crate::palette::{self, CREAM, INK, PAPER, Palette, Rgb, is_light, mix};
use crate::path::{push_at, push_int, push_star};

/// x and y in the drawing.
pub(crate) type Point = (i32, i32);

/// How the light falls on a shape.
#[derive(Clone, Copy)]
pub(crate) enum Shade {
    /// Round from left to right: a cup, a tin.
    Cylinder,
    /// Round in both directions: a bowl, a bead.
    Ball,
    /// A surface that faces the viewer.
    Flat,
}

pub(crate) struct Pen {
    out: String,
    seed: u64,
    clips: i32,
    used: [bool; DEFS.len()],
    wall: Rgb,
    colours: [Rgb; 5],
    named: Option<Rgb>,
    handle: String,
    /// The colour of the thing itself.
    pub(crate) main: Rgb,
    /// A second colour that differs from `main`.
    pub(crate) alt: Rgb,
    /// Ornament that can be read on `main`.
    pub(crate) trim: Rgb,
}

impl Pen {
    /// A pen for one picture. The last colour word of the handle counts, since titles end in their colour, and words of
    /// the kind itself do not: black tea need not come in a black tin.
    pub(crate) fn new(palette: Palette, kind: &str, handle: &str) -> Self {
        let seed = fnv(handle);
        let own = |word: &&str| !kind.split('-').any(|part| part == *word);
        let named = handle.split('-').rev().filter(own).find_map(palette::of_word);
        let mut pen = Pen {
            out: String::with_capacity(4096),
            seed,
            clips: 0,
            used: [false; DEFS.len()],
            wall: palette.wall,
            colours: palette.colours,
            named,
            handle: handle.to_owned(),
            main: INK,
            alt: INK,
            trim: CREAM,
        };
        let colours = pen.colours;
        pen.out.push_str(HEAD);
        pen.paint(&colours);
        pen
    }

    /// Chooses the colours of the thing from `materials`, unless the handle names one; `alt` and `trim` follow.
    pub(crate) fn paint(&mut self, materials: &[Rgb]) {
        let chosen = materials.get(self.pick(materials.len() as u64) as usize).copied().unwrap_or(INK);
        let shift = self.pick(13) as u32;
        let toward = if self.pick(2) == 0 { PAPER } else { INK };
        self.main = mix(self.named.unwrap_or(chosen), toward, shift);
        let start = self.pick(5) as usize;
        let main = self.main;
        let other = self.colours.iter().cycle().skip(start).take(5).copied().find(|c| distance(*c, main) > 150);
        self.alt = other.unwrap_or(CREAM);
        self.trim = if is_light(main) { mix(self.alt, INK, 10) } else { CREAM };
        if is_light(main) && is_light(self.alt) {
            self.trim = mix(INK, self.wall, 20);
        }
    }

    /// The next deterministic choice below `n`.
    pub(crate) fn pick(&mut self, n: u64) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)).checked_rem(n).unwrap_or(0)
    }

    /// Whether the handle has one of these words; so a palm does not come as a cactus.
    pub(crate) fn says(&self, words: &[&str]) -> bool {
        self.handle.split('-').any(|word| words.contains(&word))
    }

    /// Chooses between two forms of a thing: by the words of the handle, or else at random.
    pub(crate) fn is_first(&mut self, first: &[&str], second: &[&str]) -> bool {
        let random = self.pick(2) == 0;
        self.says(first) || (random && !self.says(second))
    }

    /// The first choice or one of the others, by the handle.
    pub(crate) fn one_of<T: Copy>(&mut self, first: T, rest: &[T]) -> T {
        match self.pick(rest.len() as u64 + 1) {
            0 => first,
            i => rest.get(i as usize - 1).copied().unwrap_or(first),
        }
    }

    /// The wall, the paper sweep it runs out into, the light on it and the brand star; then the group of the object,
    /// enlarged by `size` percent and a little by the handle, with its ground line lowered to y = 672.
    pub(crate) fn backdrop(&mut self, size: i32) {
        let wall = mix(self.wall, PAPER, 24);
        self.out.push_str("<linearGradient id=\"w\" x2=\"0\" y2=\"1\"><stop offset=\".5\" stop-color=\"");
        self.colour(wall);
        self.out.push_str("\"/><stop offset=\".84\" stop-color=\"");
        self.colour(mix(wall, PAPER, 74));
        self.out.push_str("\"/></linearGradient><path d=\"M0 0H800V800H0Z\" fill=\"url(#w)\"/>");
        self.out.push_str("<path fill=\"none\" stroke=\"#fff\" stroke-opacity=\".42\" stroke-width=\"3\" d=\"");
        self.out.push_str(OUTLINE);
        self.out.push_str("\"/><path d=\"M0 0H800V800H0Z\"");
        self.server('l');
        self.out.push_str("<g stroke-linecap=\"round\" stroke-linejoin=\"round\" transform=\"translate(400 672)scale(");
        for end in [" ", ")translate(-400 -640)\">"] {
            let percent = size - 3 + self.pick(7) as i32;
            self.int(percent / 100);
            self.out.push('.');
            self.int(percent % 100 / 10);
            self.int(percent % 10);
            self.out.push_str(end);
        }
    }

    pub(crate) fn finish(mut self) -> String {
        self.out.push_str("</g><defs>");
        for ((_, def), used) in DEFS.iter().zip(self.used) {
            if used {
                self.out.push_str(def);
            }
        }
        self.out.push_str("</defs></svg>");
        self.out
    }

    /// The soft shadow of a thing that stands on the ground at `y`, `half` wide to each side of `cx`.
    pub(crate) fn ground(&mut self, cx: i32, y: i32, half: i32) {
        self.out.push_str("<ellipse");
        self.ellipse_attrs(cx + 34, y - 2, half + 66, 26 + half / 8);
        self.server('s');
    }

    /// The soft shadow of a thing that lies flat, in the shape of the thing.
    pub(crate) fn drop(&mut self, d: &str) {
        self.out.push_str("<g opacity=\".46\" filter=\"url(#d)\"><path transform=\"translate(16 26)\" d=\"");
        self.out.push_str(d);
        self.out.push_str("\" fill=\"#262a35\"/></g>");
        for ((name, _), used) in DEFS.iter().zip(self.used.iter_mut()) {
            *used |= *name == 'd';
        }
    }

    /// A path in one flat colour.
    pub(crate) fn fill(&mut self, d: &str, c: Rgb) {
        self.out.push_str("<path d=\"");
        self.out.push_str(d);
        self.out.push_str("\" fill=\"");
        self.colour(c);
        self.out.push_str("\"/>");
    }

    /// The light over a path.
    pub(crate) fn shade(&mut self, d: &str, shade: Shade) {
        self.out.push_str("<path d=\"");
        self.out.push_str(d);
        self.out.push('"');
        self.server(match shade {
            Shade::Cylinder => 'c',
            Shade::Ball => 'b',
            Shade::Flat => 'f',
        });
    }

    /// A path in one colour with the light on it.
    pub(crate) fn solid(&mut self, d: &str, c: Rgb, shade: Shade) {
        self.fill(d, c);
        self.shade(d, shade);
    }

    pub(crate) fn oval(&mut self, cx: i32, cy: i32, rx: i32, ry: i32, c: Rgb) {
        self.out.push_str("<ellipse");
        self.ellipse_attrs(cx, cy, rx, ry);
        self.out.push_str(" fill=\"");
        self.colour(c);
        self.out.push_str("\"/>");
    }

    pub(crate) fn ball(&mut self, cx: i32, cy: i32, rx: i32, ry: i32, c: Rgb) {
        self.oval(cx, cy, rx, ry, c);
        self.out.push_str("<ellipse");
        self.ellipse_attrs(cx, cy, rx, ry);
        self.server('b');
    }

    /// An opening seen from above: the inside is darker at the left, where the light does not reach, and has a lit rim.
    pub(crate) fn mouth(&mut self, cx: i32, cy: i32, rx: i32, ry: i32, c: Rgb) {
        self.oval(cx, cy, rx, ry, mix(c, PAPER, 30));
        self.oval(cx, cy + 2, rx - 8, ry - 5, mix(c, INK, 48));
        self.oval(cx + rx / 14, cy + ry / 4, rx - 8 - rx / 10, ry - 5 - ry / 5, mix(c, INK, 32));
    }

    /// A warm glow around a flame or a bulb.
    pub(crate) fn glow(&mut self, cx: i32, cy: i32, r: i32) {
        self.out.push_str("<ellipse");
        self.ellipse_attrs(cx, cy, r, r);
        self.server('g');
    }

    pub(crate) fn stroke(&mut self, d: &str, c: Rgb, width: i32) {
        self.out.push_str("<path d=\"");
        self.out.push_str(d);
        self.out.push_str("\" fill=\"none\" stroke=\"");
        self.colour(c);
        self.out.push_str("\" stroke-width=\"");
        self.int(width);
        self.out.push_str("\"/>");
    }

    /// One course of wickerwork: a sagging row of short stitches, shifted by half a stitch in every other row.
    pub(crate) fn weave(&mut self, x0: i32, x1: i32, y: i32, sag: i32, c: Rgb, shifted: bool) {
        self.out.push_str("<path fill=\"none\" stroke-linecap=\"butt\" stroke-width=\"18\" stroke-dasharray=\"25 4\" stroke-dashoffset=\"");
        self.int(if shifted { 15 } else { 0 });
        self.out.push_str("\" stroke=\"");
        self.colour(c);
        self.out.push_str("\" d=\"");
        push_at(&mut self.out, 'M', x0, y);
        push_at(&mut self.out, 'Q', (x0 + x1) / 2, y + sag * 2);
        push_at(&mut self.out, ' ', x1, y);
        self.out.push_str("\"/>");
    }

    /// A round bar: a stroke with a shaded lower edge and a lit upper edge.
    pub(crate) fn tube(&mut self, d: &str, c: Rgb, width: i32) {
        self.stroke(d, mix(c, INK, 34), width);
        self.open("translate(-", width / 10 + 1, width / 10 + 1);
        self.stroke(d, c, width * 7 / 10);
        self.close();
        self.open("translate(-", width / 5, width / 5);
        self.stroke(d, mix(c, PAPER, 46), width / 6 + 1);
        self.close();
    }

    fn open(&mut self, transform: &str, x: i32, y: i32) {
        self.out.push_str("<g transform=\"");
        self.out.push_str(transform);
        self.int(x);
        self.out.push_str(" -");
        self.int(y);
        self.out.push_str(")\">");
    }

    /// Opens a group turned by `degrees` around a point; `close` ends it.
    pub(crate) fn turned(&mut self, degrees: i32, cx: i32, cy: i32) {
        self.out.push_str("<g transform=\"rotate(");
        for (i, n) in [degrees, cx, cy].into_iter().enumerate() {
            if i > 0 {
                self.out.push(' ');
            }
            self.int(n);
        }
        self.out.push_str(")\">");
    }

    /// Opens a group that is cut off at the path; `close` ends it.
    pub(crate) fn clipped(&mut self, d: &str) {
        self.clips += 1;
        self.out.push_str("<clipPath id=\"k");
        self.int(self.clips);
        self.out.push_str("\"><path d=\"");
        self.out.push_str(d);
        self.out.push_str("\"/></clipPath><g clip-path=\"url(#k");
        self.int(self.clips);
        self.out.push_str(")\">");
    }

    pub(crate) fn close(&mut self) {
        self.out.push_str("</g>");
    }

    /// The eight-fold star of the house.
    pub(crate) fn star(&mut self, cx: i32, cy: i32, r: i32, c: Rgb) {
        self.stars(&[(cx, cy)], r, c);
    }

    /// A colour for marks on a cream label: the thing's own, or the second one when its own is too pale to read.
    pub(crate) fn label_ink(&self) -> Rgb {
        let own = if is_light(self.main) { self.alt } else { self.main };
        mix(own, INK, if is_light(own) { 60 } else { 12 })
    }

    /// Several stars of one size and colour, in one path.
    pub(crate) fn stars(&mut self, centres: &[Point], r: i32, c: Rgb) {
        let mut d = String::with_capacity(centres.len() * 48);
        for (x, y) in centres {
            push_star(&mut d, *x, *y, r);
        }
        self.fill(&d, c);
    }

    /// Several round dots of one size and colour, in one path.
    pub(crate) fn dots(&mut self, centres: &[Point], diameter: i32, c: Rgb) {
        let mut d = String::with_capacity(centres.len() * 11);
        for (x, y) in centres {
            push_at(&mut d, 'M', *x, *y);
            d.push_str("h0");
        }
        self.stroke(&d, c, diameter);
    }

    /// Several straight strokes of one colour, in one path.
    pub(crate) fn lines(&mut self, ends: &[(Point, Point)], c: Rgb, width: i32) {
        let mut d = String::with_capacity(ends.len() * 16);
        for ((x0, y0), (x1, y1)) in ends {
            push_at(&mut d, 'M', *x0, *y0);
            push_at(&mut d, 'L', *x1, *y1);
        }
        self.stroke(&d, c, width);
    }

    fn ellipse_attrs(&mut self, cx: i32, cy: i32, rx: i32, ry: i32) {
        for (name, value) in [(" cx=\"", cx), ("\" cy=\"", cy), ("\" rx=\"", rx), ("\" ry=\"", ry)] {
            self.out.push_str(name);
            self.int(value);
        }
        self.out.push('"');
    }

    /// Fills with one of `DEFS` and ends the element.
    fn server(&mut self, id: char) {
        for ((name, _), used) in DEFS.iter().zip(self.used.iter_mut()) {
            *used |= *name == id;
        }
        self.out.push_str(" fill=\"url(#");
        self.out.push(id);
        self.out.push_str(")\"/>");
    }

    fn colour(&mut self, c: Rgb) {
        self.out.push('#');
        for shift in [20, 16, 12, 8, 4, 0] {
            self.out.push(char::from_digit((c >> shift) & 15, 16).unwrap_or('0'));
        }
    }

    fn int(&mut self, n: i32) {
        push_int(&mut self.out, n);
    }
}

fn distance(a: Rgb, b: Rgb) -> u32 {
    [16, 8, 0].into_iter().map(|s| ((a >> s) & 255).abs_diff((b >> s) & 255)).sum()
}

/// FNV-1a, so that the same handle is the same picture on every machine and version.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}
