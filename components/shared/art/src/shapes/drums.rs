//! Drums and bells.

use super::ornament::{Band, band, hoop};
use crate::palette::{BEECH, BRASS, BRICK, CREAM, INK, OAK, PAPER, STEEL, WALNUT, mix};
use crate::path::poly;
use crate::{Pen, Shade};

pub(crate) fn goblet(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    let t = mix(c, pen.trim, 85);
    pen.ground(400, 644, 128);
    let body = "M238 270C244 350 300 400 334 440C350 462 350 500 340 540C330 580 300 600 290 630C320 656 480 656 510 630C500 600 470 580 460 540C450 500 450 462 466 440C500 400 556 350 562 270Z";
    pen.fill(body, c);
    pen.clipped(body);
    hoop(pen, 244, 556, 320, 44, t, 6);
    band(pen, Band { x0: 250, x1: 550, y: 346, sag: 44, n: 9, r: 24 }, t);
    hoop(pen, 262, 538, 374, 44, t, 6);
    hoop(pen, 340, 460, 470, 16, mix(a, t, 20), 22);
    band(pen, Band { x0: 306, x1: 494, y: 588, sag: 20, n: 7, r: 17 }, t);
    pen.close();
    pen.shade(body, Shade::Cylinder);
    let nails: Vec<_> = (0..9).map(|i| 252 + i * 37).map(|x| (x, 310 - (x - 400) * (x - 400) / 600)).collect();
    pen.dots(&nails, 16, mix(BRASS, INK, 20));
    pen.dots(&nails, 9, mix(BRASS, PAPER, 40));
    let ring = "M226 240V272C226 322 574 322 574 272V240Z";
    pen.solid(ring, mix(BRASS, STEEL, 34), Shade::Cylinder);
    pen.oval(400, 240, 174, 46, mix(BRASS, PAPER, 44));
    pen.oval(401, 241, 158, 40, mix(CREAM, INK, 8));
    pen.oval(394, 238, 146, 34, CREAM);
    pen.oval(400, 242, 60, 15, mix(CREAM, BEECH, 52));
}

pub(crate) fn frame(pen: &mut Pen) {
    let a = pen.alt;
    let wood = pen.one_of(OAK, &[WALNUT, BEECH]);
    let c = pen.main;
    pen.ground(410, 642, 150);
    pen.oval(420, 424, 214, 214, mix(wood, INK, 48));
    pen.oval(400, 428, 214, 214, wood);
    pen.shade("M186 428A214 214 0 1 1 614 428A214 214 0 1 1 186 428Z", Shade::Flat);
    pen.oval(402, 431, 192, 192, mix(wood, INK, 44));
    pen.oval(400, 428, 190, 190, mix(CREAM, PAPER, 30));
    match pen.pick(3) {
        0 => {
            pen.star(400, 428, 120, c);
            pen.star(400, 428, 100, CREAM);
            pen.star(400, 428, 82, a);
            pen.star(400, 428, 50, CREAM);
            pen.star(400, 428, 26, c);
        }
        1 => {
            pen.oval(400, 428, 140, 140, c);
            pen.oval(400, 428, 128, 128, CREAM);
            for i in 0..12 {
                pen.turned(i * 30, 400, 428);
                pen.fill("M400 312L414 340L400 368L386 340Z", if i % 2 == 0 { c } else { a });
                pen.close();
            }
            pen.star(400, 428, 44, c);
        }
        _ => {
            pen.oval(400, 428, 74, 74, mix(CREAM, BEECH, 60));
            pen.oval(400, 428, 68, 68, CREAM);
            for r in [166, 148, 128] {
                pen.oval(400, 428, r, r, c);
                pen.oval(400, 428, r - 7, r - 7, CREAM);
            }
            pen.star(400, 428, 60, c);
        }
    }
    pen.shade("M210 428A190 190 0 1 1 590 428A190 190 0 1 1 210 428Z", Shade::Flat);
    for i in 0..6 {
        pen.turned(i * 60 + 30, 400, 428);
        pen.fill("M374 216H426V234H374Z", mix(wood, INK, 66));
        pen.ball(388, 225, 15, 10, BRASS);
        pen.ball(412, 225, 15, 10, mix(BRASS, PAPER, 20));
        pen.close();
    }
}

pub(crate) fn bell(pen: &mut Pen) {
    pen.paint(&[BRASS, 0xb98545, 0xc1703f, STEEL]);
    let c = pen.main;
    pen.ground(400, 644, 170);
    if pen.is_first(&["hand", "herd", "door", "dinner", "bowl"], &["stand", "chime", "string"]) {
        let handle = "M384 284C390 250 372 214 372 172C372 134 428 134 428 172C428 214 410 250 416 284Z";
        let grip = pen.one_of(WALNUT, &[OAK, BRICK]);
        pen.solid(handle, grip, Shade::Cylinder);
        pen.ball(400, 640, 30, 18, mix(c, INK, 40));
        let body = "M370 284C330 296 316 340 308 420C300 500 276 560 226 606C260 650 540 650 574 606C524 560 500 500 492 420C484 340 470 296 430 284Z";
        pen.fill(body, c);
        hoop(pen, 310, 490, 400, 26, mix(c, INK, 36), 5);
        hoop(pen, 240, 560, 588, 42, mix(c, INK, 36), 6);
        band(pen, Band { x0: 296, x1: 504, y: 466, sag: 28, n: 7, r: 20 }, mix(c, INK, 40));
        pen.shade(body, Shade::Cylinder);
        return;
    }
    // A row of tuned bells on a stand.
    for x in [206, 594] {
        pen.tube(&poly(&[(x, 290), (x, 628)]), WALNUT, 22);
        pen.tube(&poly(&[(x - 40, 634), (x + 40, 634)]), WALNUT, 20);
    }
    for (x, r) in [(274, 56), (376, 49), (466, 42), (544, 35)] {
        let y = 352;
        pen.stroke(&poly(&[(x, 280), (x, y)]), BRICK, 6);
        let h = r * 5 / 2;
        let d = poly(&[
            (x - r / 3, y),
            (x + r / 3, y),
            (x + r * 6 / 10, y + h / 5),
            (x + r * 7 / 10, y + h * 7 / 10),
            (x + r, y + h),
            (x + r / 2, y + h + r / 6),
            (x - r / 2, y + h + r / 6),
            (x - r, y + h),
            (x - r * 7 / 10, y + h * 7 / 10),
            (x - r * 6 / 10, y + h / 5),
        ]);
        pen.ball(x, y + h + r / 4, r / 4, r / 4, mix(c, INK, 40));
        pen.solid(&d, c, Shade::Cylinder);
        pen.star(x, y + h / 2, r / 4, mix(c, INK, 36));
    }
    pen.tube("M176 280H624", WALNUT, 24);
}
