//! Small games: cards, a wooden puzzle, a spinning top.

use super::ornament::{Band, band, hoop};
use crate::palette::{BEECH, BRICK, CREAM, INK, OAK, PAPER, WALNUT, mix};
use crate::{Pen, Shade};

pub(crate) fn cards(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    let t = mix(c, pen.trim, 88);
    pen.ground(410, 642, 200);
    for (i, turn) in [30, 18, 6].into_iter().enumerate() {
        pen.turned(turn, 420, 660);
        let card = "M388 280H560C570 280 576 286 576 296V566C576 576 570 582 560 582H388C378 582 372 576 372 566V296C372 286 378 280 388 280Z";
        pen.solid(card, PAPER, Shade::Flat);
        pen.stroke(card, mix(CREAM, INK, 30), 3);
        let suit = if i % 2 == 0 { BRICK } else { INK };
        pen.star(474, 430, 50, suit);
        pen.star(474, 430, 30, PAPER);
        pen.star(474, 430, 15, suit);
        for (x, y) in [(398, 314), (550, 548), (550, 314)] {
            pen.star(x, y, 14, suit);
        }
        pen.close();
    }
    pen.fill("M408 300L450 284V626L408 644Z", mix(c, INK, 46));
    pen.fill("M190 300L232 284H450L408 300Z", mix(c, PAPER, 34));
    let front = "M190 300H408V644H190Z";
    pen.fill(front, c);
    pen.stroke("M206 316H392V628H206Z", t, 5);
    pen.star(299, 472, 84, t);
    pen.star(299, 472, 66, c);
    pen.star(299, 472, 48, a);
    pen.star(299, 472, 24, t);
    for (x, y) in [(236, 348), (362, 348), (236, 596), (362, 596)] {
        pen.star(x, y, 17, t);
    }
    pen.shade(front, Shade::Flat);
}

pub(crate) fn puzzle(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    pen.ground(400, 642, 196);
    pen.fill("M590 270L612 284V632L590 646Z", mix(OAK, INK, 48));
    let tray = "M210 270H590V646H210Z";
    pen.solid(tray, OAK, Shade::Flat);
    pen.fill("M232 292H568V624H232Z", mix(OAK, INK, 46));
    let third = mix(a, CREAM, 44);
    // A square cut the tangram way: two large triangles, a middle one, two small, a square and a slanted piece.
    let pieces: [(&str, u32); 7] = [
        ("M238 298L400 458L238 618Z", c),
        ("M244 296H562L402 452Z", mix(c, PAPER, 40)),
        ("M566 300V454L490 376Z", a),
        ("M484 380L562 458L484 538L406 458Z", BEECH),
        ("M402 464L478 542H324Z", mix(WALNUT, OAK, 20)),
        ("M566 464V618L490 542Z", third),
        ("M318 546H478L556 622H242Z", mix(c, INK, 34)),
    ];
    for (d, tone) in pieces {
        pen.solid(d, tone, Shade::Flat);
        pen.stroke(d, mix(tone, PAPER, 30), 2);
    }
}

pub(crate) fn top(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    let t = mix(c, pen.trim, 85);
    pen.ground(392, 642, 96);
    pen.turned(9, 400, 640);
    pen.solid("M384 178C384 166 416 166 416 178L412 350H388Z", OAK, Shade::Cylinder);
    pen.ball(400, 176, 24, 20, BRICK);
    let lower = "M196 440C230 540 340 580 388 630L400 646L412 630C460 580 570 540 604 440C540 480 260 480 196 440Z";
    pen.fill(lower, mix(c, INK, 10));
    hoop(pen, 232, 568, 496, 40, t, 7);
    hoop(pen, 290, 510, 546, 26, a, 9);
    pen.shade(lower, Shade::Cylinder);
    let upper = "M196 436C200 386 290 346 400 346C510 346 600 386 604 436C604 490 196 490 196 436Z";
    pen.fill(upper, c);
    pen.oval(400, 424, 170, 44, mix(a, c, 8));
    pen.oval(400, 416, 134, 35, t);
    pen.oval(400, 408, 100, 26, c);
    pen.oval(400, 398, 58, 15, a);
    band(pen, Band { x0: 214, x1: 586, y: 444, sag: 24, n: 12, r: 10 }, t);
    pen.shade(upper, Shade::Ball);
    pen.solid("M376 376H424V396C424 404 376 404 376 396Z", mix(BEECH, OAK, 40), Shade::Cylinder);
    pen.close();
}
