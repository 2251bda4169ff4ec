//! Ornament shared by several drawings: bands that follow a round body, labels, leaves.

use crate::Pen;
use crate::palette::{CREAM, INK, Rgb, mix};

/// A row of marks on a round body: from `x0` to `x1`, sagging by `sag` in the middle.
pub(crate) struct Band {
    pub(crate) x0: i32,
    pub(crate) x1: i32,
    pub(crate) y: i32,
    pub(crate) sag: i32,
    pub(crate) n: i32,
    pub(crate) r: i32,
}

/// Draws the row; the handle chooses between stars, beads, lozenges and pairs of dots.
pub(crate) fn band(pen: &mut Pen, Band { x0, x1, y, sag, n, r }: Band, c: Rgb) {
    let half = ((x1 - x0) / 2).max(1);
    let mut at = Vec::new();
    for i in 0..n {
        let x = x0 + (x1 - x0) * (2 * i + 1) / (2 * n);
        let off = x - (x0 + half);
        at.push((x, y + sag - sag * off * off / (half * half)));
    }
    match pen.pick(4) {
        0 => pen.stars(&at, r, c),
        1 => pen.dots(&at, r * 6 / 5, c),
        2 => {
            let mut d = String::new();
            for (x, y) in at {
                d.push_str(&crate::path::poly(&[(x, y - r), (x + r * 7 / 10, y), (x, y + r), (x - r * 7 / 10, y)]));
            }
            pen.fill(&d, c);
        }
        _ => {
            let bars: Vec<_> = at.iter().map(|(x, y)| ((*x, y - r * 7 / 10), (*x, y + r / 10))).collect();
            pen.lines(&bars, c, r * 6 / 10);
            let beads: Vec<_> = at.iter().map(|(x, y)| (*x, y + r * 8 / 10)).collect();
            pen.dots(&beads, r * 6 / 10, c);
        }
    }
}

/// A curve from `x0` to `x1` that sags by `sag`.
pub(crate) fn hoop(pen: &mut Pen, x0: i32, x1: i32, y: i32, sag: i32, c: Rgb, width: i32) {
    let mut d = String::from("M");
    for (i, n) in
        [x0, y, x0 + (x1 - x0) / 4, y + sag * 4 / 3, x1 - (x1 - x0) / 4, y + sag * 4 / 3, x1, y].into_iter().enumerate()
    {
        if i == 2 {
            d.push('C');
        } else if i > 0 {
            d.push(' ');
        }
        crate::path::push_int(&mut d, n);
    }
    pen.stroke(&d, c, width);
}

/// Lines of writing on a label, centred; never legible, never text.
pub(crate) fn script(pen: &mut Pen, cx: i32, y: i32, width: i32) {
    let c = mix(INK, CREAM, 45);
    hoop(pen, cx - width / 2, cx + width / 2, y, 3, c, 7);
    hoop(pen, cx - width / 3, cx + width / 3, y + 20, 3, c, 5);
}

/// The emblem of a label: the house star in two colours, a leaf pair, or a rising sun.
pub(crate) fn emblem(pen: &mut Pen, cx: i32, cy: i32, r: i32, c: Rgb) {
    let light = mix(c, CREAM, 84);
    match pen.pick(3) {
        0 => {
            pen.star(cx, cy, r, c);
            pen.star(cx, cy, r * 6 / 10, light);
            pen.star(cx, cy, r * 3 / 10, c);
        }
        1 => {
            pen.oval(cx, cy, r, r, c);
            for turn in [-45, 45] {
                pen.turned(turn, cx, cy + r / 2);
                leaf(pen, cx, cy + r / 2, r * 5 / 4, light);
                pen.close();
            }
        }
        _ => {
            pen.oval(cx, cy, r, r, c);
            pen.star(cx, cy, r * 8 / 10, light);
            pen.oval(cx, cy, r * 35 / 100, r * 35 / 100, c);
        }
    }
}

/// A leaf that grows upward from a point.
pub(crate) fn leaf(pen: &mut Pen, x: i32, y: i32, length: i32, c: Rgb) {
    let (w, mut d) = (length * 3 / 10, String::from("M"));
    let numbers = [x, y, x - w, y - length / 3, x - w, y - length * 3 / 4, x, y - length];
    let back = [x + w, y - length * 3 / 4, x + w, y - length / 3, x, y];
    for (i, n) in numbers.into_iter().chain(back).enumerate() {
        d.push(if i == 2 || i == 8 { 'C' } else { ' ' });
        crate::path::push_int(&mut d, n);
    }
    d.push('Z');
    pen.fill(&d, c);
}
