//! Board games: an open backgammon board, chess men on their box.

use crate::palette::{BEECH, CREAM, INK, OAK, PAPER, WALNUT, mix};
use crate::path::poly;
use crate::{Pen, Shade};

/// A point of the board, given flat (0..1000 across, 0..1000 away from the viewer), as it appears from above.
fn seen(x: i32, y: i32) -> (i32, i32) {
    let half = 286 - y * 66 / 1000;
    (400 + (x - 500) * half / 500, 622 - y * 262 / 1000 + y * y / 1000 * 14 / 1000)
}

fn flat(points: &[(i32, i32)]) -> String {
    let mut seen_points = Vec::with_capacity(points.len());
    for (x, y) in points {
        seen_points.push(seen(*x, *y));
    }
    poly(&seen_points)
}

pub(crate) fn backgammon(pen: &mut Pen) {
    let (a, b) = (pen.main, pen.alt);
    let wood = pen.one_of(WALNUT, &[OAK, 0x8a5a3a]);
    pen.ground(400, 646, 250);
    let outer = flat(&[(-30, -30), (1030, -30), (1030, 1030), (-30, 1030)]);
    pen.drop(&outer);
    pen.fill("M97 630H703V650H97Z", mix(wood, INK, 46));
    pen.solid(&outer, wood, Shade::Flat);
    let (field, men_dark) = (mix(BEECH, PAPER, 26), mix(INK, a, 30));
    for x0 in [20, 515] {
        pen.fill(&flat(&[(x0, 20), (x0 + 465, 20), (x0 + 465, 980), (x0, 980)]), mix(wood, INK, 50));
        pen.fill(&flat(&[(x0 + 6, 20), (x0 + 465, 20), (x0 + 465, 970), (x0 + 6, 970)]), field);
        for (parity, tone) in [(0, a), (1, b)] {
            let mut d = String::new();
            for i in 0..6 {
                // Facing points have different colours.
                let (x, near) = (x0 + 8 + i * 76, i % 2 == parity);
                let (y, tip) = if near { (20, 430) } else { (968, 570) };
                d.push_str(&flat(&[(x, y), (x + 76, y), (x + 38, tip)]));
            }
            pen.fill(&d, tone);
        }
    }
    for (x, y, dark) in [
        (60, 900, true),
        (60, 800, true),
        (60, 700, true),
        (440, 90, false),
        (440, 190, false),
        (440, 290, false),
        (560, 90, true),
        (560, 190, true),
        (940, 900, false),
        (940, 800, false),
        (712, 90, false),
        (288, 900, true),
    ] {
        let (cx, cy) = seen(x, y);
        let c = if dark { men_dark } else { CREAM };
        let r = 24 - y / 200;
        pen.oval(cx + 2, cy + 2, r + 1, r / 2 + 1, mix(c, INK, 44));
        pen.oval(cx, cy - 6, r, r / 2, c);
        pen.oval(cx, cy - 6, r * 6 / 10, r * 3 / 10, mix(c, WALNUT, 24));
    }
    for (x, y) in [(642, 500), (736, 430)] {
        let (cx, cy) = seen(x, y);
        pen.fill(&poly(&[(cx - 13, cy - 9), (cx + 13, cy - 9), (cx + 13, cy + 13), (cx - 13, cy + 13)]), PAPER);
        pen.fill(&poly(&[(cx - 13, cy - 9), (cx - 6, cy - 16), (cx + 20, cy - 16), (cx + 13, cy - 9)]), 0xffffff);
        pen.fill(
            &poly(&[(cx + 13, cy - 9), (cx + 20, cy - 16), (cx + 20, cy + 5), (cx + 13, cy + 13)]),
            mix(PAPER, INK, 26),
        );
        pen.oval(cx, cy + 2, 4, 4, INK);
    }
}

pub(crate) fn chess(pen: &mut Pen) {
    let dark = pen.one_of(WALNUT, &[mix(INK, WALNUT, 40), 0x7d3831]);
    let light = mix(BEECH, PAPER, 20);
    pen.ground(400, 644, 244);
    pen.solid("M150 560H650V640H150Z", dark, Shade::Flat);
    pen.fill("M150 560H650V566H150Z", mix(dark, PAPER, 34));
    pen.fill("M196 480H604L650 560H150Z", dark);
    let corner = |row: i32, k: i32| {
        let (left, y) = (204 - row * 13, 486 + row * 23);
        (left + (800 - 2 * left) * k / 8, y)
    };
    let mut squares = String::new();
    for (row, k) in (0..24).map(|i| (i / 8, i % 8)).filter(|(row, k)| (row + k) % 2 == 0) {
        squares.push_str(&poly(&[corner(row, k), corner(row, k + 1), corner(row + 1, k + 1), corner(row + 1, k)]));
    }
    pen.fill(&squares, light);
    man(pen, 270, 546, dark, true);
    king(pen, 404, 534, light);
    rook(pen, 540, 548, dark);
    man(pen, 334, 560, light, false);
    man(pen, 476, 560, mix(dark, INK, 10), false);
}

fn base(pen: &mut Pen, x: i32, y: i32, w: i32, c: u32) {
    pen.oval(x + 14, y + 2, w + 10, w / 3, mix(c, INK, 60));
    let d = poly(&[
        (x - w, y - 14),
        (x + w, y - 14),
        (x + w, y),
        (x + w / 2, y + w / 4),
        (x - w / 2, y + w / 4),
        (x - w, y),
    ]);
    pen.solid(&d, c, Shade::Cylinder);
}

/// A pawn, or a bishop.
fn man(pen: &mut Pen, x: i32, y: i32, c: u32, bishop: bool) {
    let tall = if bishop { 96 } else { 0 };
    base(pen, x, y, 40, c);
    let body = poly(&[
        (x - 28, y - 16),
        (x - 15, y - 60),
        (x - 11, y - 96 - tall),
        (x + 11, y - 96 - tall),
        (x + 15, y - 60),
        (x + 28, y - 16),
    ]);
    pen.solid(&body, c, Shade::Cylinder);
    pen.ball(x, y - 100 - tall, 24, 8, c);
    if !bishop {
        pen.ball(x, y - 126, 27, 27, c);
    } else {
        pen.ball(x, y - 140 - tall, 25, 37, c);
        pen.ball(x, y - 182 - tall, 8, 9, c);
        pen.stroke(&poly(&[(x + 6, y - 156 - tall), (x + 16, y - 140 - tall)]), mix(c, INK, 60), 4);
    }
}

fn king(pen: &mut Pen, x: i32, y: i32, c: u32) {
    base(pen, x, y, 50, c);
    let body = poly(&[
        (x - 36, y - 16),
        (x - 18, y - 90),
        (x - 14, y - 200),
        (x + 14, y - 200),
        (x + 18, y - 90),
        (x + 36, y - 16),
    ]);
    pen.solid(&body, c, Shade::Cylinder);
    pen.ball(x, y - 200, 34, 10, c);
    let crown = poly(&[
        (x - 20, y - 206),
        (x - 36, y - 268),
        (x - 18, y - 276),
        (x, y - 280),
        (x + 18, y - 276),
        (x + 36, y - 268),
        (x + 20, y - 206),
    ]);
    pen.solid(&crown, c, Shade::Cylinder);
    pen.ball(x, y - 276, 30, 12, c);
    pen.star(x, y - 304, 22, mix(c, INK, 16));
    pen.star(x - 1, y - 305, 17, c);
}

fn rook(pen: &mut Pen, x: i32, y: i32, c: u32) {
    base(pen, x, y, 44, c);
    let body = poly(&[(x - 32, y - 16), (x - 22, y - 130), (x + 22, y - 130), (x + 32, y - 16)]);
    pen.solid(&body, c, Shade::Cylinder);
    let top = poly(&[
        (x - 32, y - 176),
        (x - 14, y - 176),
        (x - 14, y - 164),
        (x + 14, y - 164),
        (x + 14, y - 176),
        (x + 32, y - 176),
        (x + 32, y - 136),
        (x + 20, y - 124),
        (x - 20, y - 124),
        (x - 32, y - 136),
    ]);
    pen.solid(&top, c, Shade::Cylinder);
}
