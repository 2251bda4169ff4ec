//! Leather: bag, wallet, belt, slippers.

use super::ornament::hoop;
use crate::palette::{BRASS, CREAM, INK, PAPER, mix};
use crate::path::poly;
use crate::{Pen, Shade};

pub(crate) fn bag(pen: &mut Pen) {
    let c = pen.main;
    let seam = mix(c, CREAM, 52);
    pen.ground(400, 642, 196);
    pen.tube("M232 400C240 130 560 130 568 400", mix(c, INK, 10), 22);
    pen.fill("M560 380L598 396L604 600L572 640Z", mix(c, INK, 46));
    let body = "M222 376H566L578 612C578 632 568 642 548 642H240C220 642 210 632 210 612Z";
    pen.solid(body, mix(c, INK, 12), Shade::Flat);
    let flap = "M214 356C214 344 224 338 236 338H552C564 338 574 344 574 356L576 470C560 526 500 540 394 540C288 540 228 526 212 470Z";
    pen.fill("M212 474C228 532 288 548 394 548C500 548 560 532 576 474L576 490C560 548 500 562 394 562C288 562 228 548 212 490Z", mix(c, INK, 46));
    pen.solid(flap, c, Shade::Flat);
    pen.stroke("M228 466C244 514 300 526 394 526C488 526 544 514 560 466", seam, 3);
    pen.stroke("M224 622C224 630 232 630 240 630H548C562 630 566 626 565 612", seam, 3);
    for x in [290, 470] {
        let strap = poly(&[(x, 440), (x + 30, 440), (x + 30, 606), (x + 15, 618), (x, 606)]);
        pen.solid(&strap, mix(c, INK, 24), Shade::Flat);
        pen.stroke(&poly(&[(x - 5, 552), (x + 35, 552), (x + 35, 586), (x - 5, 586)]), BRASS, 7);
        pen.stroke(&poly(&[(x + 15, 556), (x + 15, 582)]), mix(BRASS, INK, 20), 4);
    }
    pen.star(394, 420, 32, mix(c, INK, 26));
    pen.star(395, 421, 18, c);
}

pub(crate) fn wallet(pen: &mut Pen) {
    let c = pen.main;
    let seam = mix(c, CREAM, 52);
    pen.ground(410, 642, 190);
    let back = "M400 380L610 352C620 352 626 358 626 368V610C626 620 620 626 612 628L400 644Z";
    pen.solid(back, mix(c, INK, 36), Shade::Flat);
    for (i, tone) in [mix(pen.alt, CREAM, 40), CREAM].into_iter().enumerate() {
        let y = 372 + i as i32 * 22;
        pen.fill(&poly(&[(430, y), (594, y - 22), (594, y + 60), (430, y + 70)]), tone);
    }
    pen.fill("M400 430L614 406V612L400 644Z", mix(c, INK, 22));
    pen.stroke("M410 444L602 422", seam, 3);
    let front = "M196 366C196 356 204 350 214 350L400 380V644L214 628C204 626 196 620 196 610Z";
    pen.solid(front, c, Shade::Flat);
    pen.stroke("M210 368L390 396V630L214 614Z", seam, 3);
    pen.star(296, 500, 50, mix(c, INK, 26));
    pen.star(297, 501, 36, c);
    pen.star(297, 501, 18, mix(c, INK, 26));
    pen.stroke("M400 382V642", mix(c, INK, 54), 6);
    pen.stroke("M394 384V640", mix(c, PAPER, 30), 3);
}

pub(crate) fn belt(pen: &mut Pen) {
    let c = pen.main;
    let metal = pen.one_of(BRASS, &[0xb9bec2]);
    pen.ground(400, 642, 216);
    // The loose end, then the coil in front of it.
    let tail = "M470 606C560 612 620 600 672 574V500C620 532 560 540 470 532Z";
    pen.solid(tail, mix(c, INK, 12), Shade::Flat);
    pen.stroke("M488 546C560 552 620 544 660 520M488 594C560 598 620 588 660 564", mix(c, CREAM, 44), 3);
    let wall = "M196 490V580C196 668 564 668 564 580V490Z";
    pen.fill(wall, c);
    hoop(pen, 198, 562, 506, 66, mix(c, CREAM, 46), 3);
    hoop(pen, 198, 562, 566, 66, mix(c, CREAM, 46), 3);
    for i in 0..9 {
        let x = 228 + i * 38;
        let off = x - 380;
        pen.star(x, 588 - off * off / 560, 11, mix(c, INK, 38));
    }
    pen.shade(wall, Shade::Cylinder);
    for (i, r) in [184, 158, 132, 106, 80, 54].into_iter().enumerate() {
        pen.oval(380 + i as i32 * 3, 490, r, r * 36 / 100, mix(c, PAPER, 22));
        pen.oval(380 + i as i32 * 3, 491, r - 10, r * 36 / 100 - 5, mix(c, INK, 48));
    }
    pen.oval(397, 492, 34, 11, mix(c, INK, 70));
    pen.stroke("M656 478H716V596H656Z", mix(metal, INK, 26), 16);
    pen.stroke("M654 476H714V594H654Z", metal, 11);
    pen.stroke("M664 536H712", mix(metal, INK, 12), 9);
}

pub(crate) fn slippers(pen: &mut Pen) {
    let c = pen.main;
    pen.ground(410, 632, 250);
    shoe(pen, 92, -74, mix(c, INK, 14));
    shoe(pen, 0, 0, c);
}

/// One slipper seen from its left side, toe to the left, moved by (dx, dy).
fn shoe(pen: &mut Pen, dx: i32, dy: i32, c: u32) {
    let shifted = |points: &[i32], letters: &str| {
        let mut d = String::new();
        let mut marks = letters.chars();
        for (i, n) in points.iter().enumerate() {
            d.push(if i % 2 == 0 { marks.next().unwrap_or(' ') } else { ' ' });
            crate::path::push_int(&mut d, n + if i % 2 == 0 { dx } else { dy });
        }
        d.push('Z');
        d
    };
    let sole = shifted(&[142, 600, 142, 628, 180, 640, 260, 640, 560, 640, 612, 640, 622, 622, 616, 598], "MC  LC  ");
    pen.solid(&sole, mix(0x4a3527, INK, 20), Shade::Flat);
    let inside = shifted(&[372, 524, 440, 478, 600, 500, 622, 560, 620, 600, 420, 610, 372, 524], "MC  C  ");
    pen.fill(&inside, mix(c, INK, 52));
    let insole = shifted(&[400, 560, 460, 530, 590, 540, 606, 574, 590, 600, 440, 604, 400, 560], "MC  C  ");
    pen.fill(&insole, mix(c, CREAM, 46));
    let upper = shifted(
        &[
            118, 556, 108, 536, 132, 530, 150, 560, 176, 570, 240, 470, 372, 482, 424, 500, 428, 560, 440, 604, 300,
            622, 150, 616, 142, 600, 134, 590, 126, 576, 118, 556,
        ],
        "MC  C  C  C  C  ",
    );
    pen.solid(&upper, c, Shade::Ball);
    let heel = shifted(
        &[430, 604, 500, 596, 580, 590, 622, 560, 630, 590, 628, 604, 616, 614, 560, 624, 480, 622, 430, 604],
        "MC  C  C  ",
    );
    pen.solid(&heel, mix(c, INK, 10), Shade::Flat);
    let seam = mix(c, CREAM, 58);
    pen.star(290 + dx, 552 + dy, 36, seam);
    pen.star(290 + dx, 552 + dy, 24, c);
    pen.oval(290 + dx, 552 + dy, 9, 9, seam);
}
