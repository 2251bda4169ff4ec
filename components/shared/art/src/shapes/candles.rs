//! Candles and what holds them.

use super::ornament::{Band, band, emblem};
use crate::palette::{BRASS, CREAM, INK, IRON, PAPER, mix};
use crate::{Pen, Shade};

fn flame(pen: &mut Pen, x: i32, y: i32) {
    pen.glow(x, y - 40, 118);
    pen.stroke(&crate::path::poly(&[(x, y + 4), (x + 2, y - 20)]), INK, 5);
    let at = |points: [(i32, i32); 5]| crate::path::poly(&points.map(|(dx, dy)| (x + dx, y + dy)));
    pen.oval(x, y - 32, 13, 23, 0xf2a83a);
    pen.fill(&at([(-12, -40), (-3, -62), (1, -78), (6, -60), (12, -40)]), 0xf2a83a);
    pen.oval(x, y - 26, 7, 14, 0xfff3c8);
}

pub(crate) fn candle(pen: &mut Pen) {
    let wax = mix(pen.main, CREAM, 46);
    pen.ground(400, 642, 160);
    if pen.is_first(&["pillar", "tapers", "dinner", "dipped"], &["glass", "scented", "garden", "tea"]) {
        for (x, top, r) in [(300, 420, 62), (510, 470, 66), (402, 330, 72)] {
            pillar(pen, x, top, r, wax);
        }
        return;
    }
    let c = pen.main;
    let glass = "M270 370C270 480 276 590 288 624C300 656 500 656 512 624C524 590 530 480 530 370Z";
    pen.fill(glass, mix(c, INK, 8));
    pen.fill("M302 476H498V590H302Z", CREAM);
    let mark = pen.label_ink();
    emblem(pen, 400, 533, 42, mark);
    pen.shade(glass, Shade::Cylinder);
    pen.mouth(400, 370, 130, 28, c);
    pen.oval(402, 382, 112, 19, mix(wax, CREAM, 60));
    flame(pen, 400, 374);
}

fn pillar(pen: &mut Pen, x: i32, top: i32, r: i32, wax: u32) {
    let d = crate::path::poly(&[
        (x - r, top),
        (x + r, top),
        (x + r, 636),
        (x + r * 7 / 10, 645),
        (x, 650),
        (x - r * 7 / 10, 645),
        (x - r, 636),
    ]);
    pen.solid(&d, wax, Shade::Cylinder);
    pen.oval(x, top, r, r / 4, mix(wax, PAPER, 44));
    pen.oval(x + 1, top + 3, r * 7 / 10, r / 6, mix(wax, 0xf6c46a, 40));
    flame(pen, x, top);
}

pub(crate) fn holder(pen: &mut Pen) {
    pen.paint(&[BRASS, IRON, CREAM]);
    let (c, t) = (pen.main, pen.trim);
    let wax = mix(pen.alt, CREAM, 66);
    pen.ground(400, 642, 130);
    if pen.is_first(&["candlestick", "candelabra", "taper"], &["chamber", "leaf"]) {
        pen.solid("M378 190H422V400H378Z", wax, Shade::Cylinder);
        flame(pen, 400, 190);
        pen.oval(400, 190, 22, 6, mix(wax, PAPER, 40));
        let stem = "M352 380H448L436 420C424 430 420 440 424 452C456 462 456 496 424 506C416 540 420 570 434 592C500 604 526 620 530 636C500 652 300 652 270 636C274 620 300 604 366 592C380 570 384 540 376 506C344 496 344 462 376 452C380 440 376 430 364 420Z";
        pen.solid(stem, c, Shade::Cylinder);
        pen.oval(400, 380, 48, 11, mix(c, PAPER, 34));
        pen.solid("M378 366H422V382H378Z", wax, Shade::Cylinder);
        return;
    }
    // A low chamber holder with a ring for the thumb.
    pen.tube("M540 600C640 540 650 640 548 628", c, 17);
    pen.solid("M376 270H424V560H376Z", wax, Shade::Cylinder);
    flame(pen, 400, 270);
    pen.oval(400, 270, 24, 6, mix(wax, PAPER, 40));
    let dish = "M216 566C226 620 300 652 400 652C500 652 574 620 584 566Z";
    pen.fill(dish, c);
    band(pen, Band { x0: 236, x1: 564, y: 596, sag: 28, n: 9, r: 15 }, mix(c, t, 80));
    pen.shade(dish, Shade::Cylinder);
    pen.mouth(400, 566, 184, 34, c);
    let cup = "M356 520V572C356 588 444 588 444 572V520Z";
    pen.solid(cup, c, Shade::Cylinder);
    pen.oval(400, 520, 44, 9, mix(c, PAPER, 36));
    pen.solid("M376 500H424V522C424 528 376 528 376 522Z", wax, Shade::Cylinder);
}
