//! Vessels and plates: teapot, cup, bowl, plate, vase.

use super::ornament::{Band, band, hoop};
use crate::palette::{INK, OAK, PAPER, WALNUT, mix};
use crate::{Pen, Shade};

pub(crate) fn teapot(pen: &mut Pen) {
    let (c, t) = (pen.main, pen.trim);
    pen.ground(400, 640, 170);
    pen.tube("M530 420C650 372 664 560 526 560", c, 30);
    pen.solid("M262 560C206 540 216 424 150 372L186 350C250 376 262 430 300 446Z", c, Shade::Flat);
    pen.fill("M146 374L188 346L194 352L154 380Z", mix(c, PAPER, 46));
    pen.fill("M330 610H470L486 646C440 654 360 654 314 646Z", mix(c, INK, 32));
    let body =
        "M238 486C238 384 314 346 400 346C486 346 562 384 562 486C562 576 486 634 400 634C314 634 238 576 238 486Z";
    pen.fill(body, c);
    hoop(pen, 246, 554, 448, 36, mix(c, t, 85), 5);
    band(pen, Band { x0: 240, x1: 560, y: 492, sag: 38, n: 8, r: 25 }, mix(c, t, 85));
    hoop(pen, 244, 556, 538, 34, mix(c, t, 85), 5);
    pen.shade(body, Shade::Ball);
    let lid = "M306 362C318 318 482 318 494 362C480 384 320 384 306 362Z";
    pen.solid(lid, c, Shade::Ball);
    hoop(pen, 304, 496, 362, 20, mix(c, INK, 44), 4);
    pen.ball(400, 312, 23, 20, mix(pen.alt, c, 25));
}

pub(crate) fn cup(pen: &mut Pen) {
    let (c, t) = (pen.main, pen.trim);
    pen.ground(400, 640, 206);
    let saucer = "M180 606C184 634 290 654 400 654C510 654 616 634 620 606Z";
    pen.solid(saucer, mix(c, INK, 6), Shade::Cylinder);
    pen.oval(400, 606, 220, 36, mix(c, PAPER, 24));
    pen.oval(404, 609, 150, 21, mix(c, INK, 26));
    pen.tube("M508 446C604 420 600 548 484 556", c, 23);
    let body = "M270 410C270 520 310 612 352 620C380 626 420 626 448 620C490 612 530 520 530 410Z";
    pen.fill(body, c);
    hoop(pen, 274, 526, 446, 32, mix(c, t, 85), 5);
    band(pen, Band { x0: 280, x1: 520, y: 486, sag: 32, n: 7, r: 21 }, mix(c, t, 85));
    hoop(pen, 294, 506, 526, 28, mix(c, t, 85), 5);
    pen.shade(body, Shade::Cylinder);
    pen.mouth(400, 410, 130, 31, c);
    let drink = pen.one_of(0x8a4a22, &[0x3f2a20, 0x7f8a3c]);
    pen.oval(404, 418, 108, 19, drink);
    pen.oval(374, 413, 40, 6, mix(drink, PAPER, 36));
    for d in ["M372 362C352 330 392 314 372 280", "M424 352C404 318 446 300 424 262"] {
        pen.stroke(d, mix(PAPER, 0xffffff, 70), 8);
    }
}

pub(crate) fn bowl(pen: &mut Pen) {
    let (c, t) = (pen.main, pen.trim);
    pen.ground(400, 640, 160);
    pen.fill("M326 606H474L482 644C440 652 360 652 318 644Z", mix(c, INK, 34));
    let body = "M178 430C186 560 300 630 400 630C500 630 614 560 622 430Z";
    pen.fill(body, c);
    hoop(pen, 184, 616, 464, 62, mix(c, t, 85), 6);
    band(pen, Band { x0: 192, x1: 608, y: 494, sag: 64, n: 9, r: 24 }, mix(c, t, 85));
    hoop(pen, 212, 588, 528, 60, mix(c, t, 85), 6);
    pen.shade(body, Shade::Ball);
    pen.mouth(400, 430, 222, 56, c);
    let inner = mix(pen.alt, c, 60);
    pen.oval(412, 448, 120, 22, mix(inner, INK, 30));
}

pub(crate) fn plate(pen: &mut Pen) {
    let (c, t) = (pen.main, mix(pen.main, pen.trim, 88));
    pen.ground(400, 640, 150);
    pen.fill("M300 560L270 640H306L330 570ZM500 560L530 640H494L470 570Z", WALNUT);
    pen.oval(406, 406, 220, 220, mix(c, INK, 38));
    pen.oval(400, 400, 220, 220, mix(c, PAPER, 26));
    pen.oval(400, 400, 211, 211, c);
    let n = 16;
    let small = pen.pick(2) == 0;
    for i in 0..n {
        pen.turned(i * 360 / n, 400, 400);
        if small {
            pen.star(400, 222, 21, t);
        } else {
            pen.fill("M400 198C420 216 420 232 400 248C380 232 380 216 400 198Z", t);
        }
        pen.close();
    }
    pen.oval(400, 400, 150, 150, mix(c, INK, 20));
    pen.oval(402, 403, 145, 145, mix(c, PAPER, 8));
    pen.star(400, 402, 108, t);
    pen.star(400, 402, 82, c);
    pen.star(400, 402, 62, mix(pen.alt, t, 15));
    pen.star(400, 402, 28, c);
    pen.shade("M180 400A220 220 0 1 1 620 400A220 220 0 1 1 180 400Z", Shade::Flat);
    pen.solid("M262 628C262 612 538 612 538 628L546 646H254Z", OAK, Shade::Flat);
}

pub(crate) fn vase(pen: &mut Pen) {
    let (c, t) = (pen.main, pen.trim);
    let tall = pen.is_first(&["tall", "shoulder"], &["moon", "jug", "bud"]);
    pen.ground(400, 642, 112);
    let body = if tall {
        "M344 214C352 300 262 340 262 440C262 540 330 590 330 632C350 650 450 650 470 632C470 590 538 540 538 440C538 340 448 300 456 214Z"
    } else {
        "M352 246C350 330 236 380 236 500C236 590 300 622 318 636C350 650 450 650 482 636C500 622 564 590 564 500C564 380 450 330 448 246Z"
    };
    pen.fill(body, c);
    let (y, x0, x1) = if tall { (428, 262, 538) } else { (484, 238, 562) };
    hoop(pen, x0 + 4, x1 - 4, y - 46, 30, mix(c, t, 85), 5);
    band(pen, Band { x0, x1, y, sag: 32, n: 7, r: 26 }, mix(c, t, 85));
    hoop(pen, x0 + 2, x1 - 2, y + 46, 32, mix(c, t, 85), 5);
    pen.shade(body, Shade::Cylinder);
    let top = if tall { 212 } else { 244 };
    pen.mouth(400, top, if tall { 62 } else { 56 }, 16, c);
}
