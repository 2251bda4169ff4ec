//! Cloth: rug, blanket, cushion, scarf, table linen.

use super::ornament::hoop;
use crate::palette::{BEECH, CREAM, INK, OAK, PAPER, Rgb, WALNUT, mix};
use crate::path::poly;
use crate::{Pen, Shade};

/// A strip of a rug that runs away from the viewer: narrower at the top.
fn strip(y0: i32, y1: i32, inset: i32) -> String {
    let edge = |y: i32| 150 - (y - 400) * 80 / 240 + inset;
    poly(&[(edge(y0), y0), (800 - edge(y0), y0), (800 - edge(y1), y1), (edge(y1), y1)])
}

pub(crate) fn rug(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    let t = mix(c, CREAM, 82);
    pen.drop(&strip(396, 640, 0));
    let fringe: Vec<_> = (0..34).map(|i| 78 + i * 19 + i / 2).map(|x| ((x, 640), (x - (400 - x) / 30, 664))).collect();
    pen.lines(&fringe, mix(CREAM, INK, 12), 5);
    pen.fill(&strip(390, 642, 0), c);
    pen.fill(&strip(396, 626, 30), t);
    pen.fill(&strip(396, 616, 44), mix(a, INK, 6));
    pen.fill(&strip(396, 590, 92), mix(c, INK, 8));
    let border: Vec<_> = (0..12).map(|i| (136 + i * 48, 603)).collect();
    pen.stars(&border, 9, t);
    match pen.pick(3) {
        0 => {
            for (y, r) in [(430, 26), (478, 31), (538, 37)] {
                for (size, tone) in [(r, t), (r * 6 / 10, a), (r / 4, t)] {
                    let mut d = String::new();
                    for k in [-2, -1, 0, 1, 2] {
                        d.push_str(&lozenge_path(400 + k * r * 5 / 2, y, size));
                    }
                    pen.fill(&d, tone);
                }
            }
        }
        1 => {
            lozenge(pen, 400, 488, 96, t);
            lozenge(pen, 400, 488, 80, a);
            lozenge(pen, 400, 488, 56, t);
            lozenge(pen, 400, 488, 36, mix(c, INK, 10));
            for x in [230, 570] {
                lozenge(pen, x, 544, 38, t);
                lozenge(pen, x, 544, 22, a);
            }
            for x in [256, 544] {
                lozenge(pen, x, 428, 28, t);
                lozenge(pen, x, 428, 16, a);
            }
        }
        _ => {
            for (i, y) in [410, 434, 462, 494, 530, 566].into_iter().enumerate() {
                let tone = if i % 2 == 0 { t } else { mix(a, CREAM, 16) };
                pen.fill(&strip(y, y + 9 + i as i32 * 2, 92), tone);
            }
        }
    }
    pen.shade(&strip(390, 642, 0), Shade::Flat);
    let roll = "M150 336H650C676 336 676 420 650 420H150C124 420 124 336 150 336Z";
    pen.fill("M140 412H660L664 432H136Z", mix(c, INK, 56));
    pen.fill(roll, mix(BEECH, c, 52));
    for (x, w) in [(176, 12), (204, 30), (560, 30), (606, 12)] {
        pen.fill(&poly(&[(x, 336), (x + w, 336), (x + w, 420), (x, 420)]), mix(a, BEECH, 40));
    }
    pen.fill("M150 336H650C664 336 669 358 669 372H131C131 358 136 336 150 336Z", mix(mix(BEECH, c, 52), PAPER, 26));
    pen.fill("M131 390H669C667 408 660 420 650 420H150C140 420 133 408 131 390Z", mix(mix(BEECH, c, 52), INK, 26));
}

fn lozenge(pen: &mut Pen, x: i32, y: i32, r: i32, c: Rgb) {
    pen.fill(&lozenge_path(x, y, r), c);
}

fn lozenge_path(x: i32, y: i32, r: i32) -> String {
    poly(&[(x, y - r * 2 / 3), (x + r, y), (x, y + r * 2 / 3), (x - r, y)])
}

pub(crate) fn blanket(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    let stripe = mix(c, pen.trim, 85);
    pen.ground(400, 642, 200);
    for (i, y) in [566, 490, 414].into_iter().enumerate() {
        let tone = mix(c, INK, 16 - i as u32 * 6);
        let d = fold(186, 614, y, 76);
        pen.fill(&d, tone);
        pen.clipped(&d);
        for (x, w, s) in [(250, 26, stripe), (288, 10, a), (310, 26, stripe), (500, 10, a), (524, 26, stripe)] {
            pen.fill(&poly(&[(x, y), (x + w, y), (x + w, y + 76), (x, y + 76)]), mix(s, tone, 14));
        }
        pen.close();
        pen.stroke(&poly(&[(200, y + 74), (606, y + 74)]), mix(c, INK, 50), 5);
        pen.shade(&d, Shade::Cylinder);
    }
    let top = "M212 414L262 366H570C600 366 612 384 606 414C600 424 220 424 212 414Z";
    pen.fill(top, mix(c, PAPER, 14));
    pen.clipped(top);
    for (x, w, s) in [(250, 26, stripe), (288, 10, a), (310, 26, stripe), (500, 10, a), (524, 26, stripe)] {
        pen.fill(&poly(&[(x, 424), (x + w, 424), (x + w + 26, 360), (x + 26, 360)]), mix(s, PAPER, 8));
    }
    pen.close();
    let fringe: Vec<_> =
        (0..11).map(|i| (424 + i * 6, i)).map(|(y, i)| ((606, y), (636 - (i % 3) * 4, y + 7))).collect();
    pen.lines(&fringe, mix(c, CREAM, 60), 4);
}

fn fold(x0: i32, x1: i32, y: i32, h: i32) -> String {
    let mut d = String::from("M");
    let numbers =
        [x0 + 30, y, x0 - 10, y, x0 - 10, y + h, x0 + 30, y + h, x1 - 16, y + h, x1 + 6, y + h, x1 + 6, y, x1 - 16, y];
    for (i, n) in numbers.into_iter().enumerate() {
        d.push(match i {
            2 | 10 => 'C',
            8 => 'L',
            _ => ' ',
        });
        crate::path::push_int(&mut d, n);
    }
    d.push('Z');
    d
}

pub(crate) fn cushion(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    let t = mix(c, pen.trim, 88);
    pen.ground(400, 640, 190);
    for (x, y) in [(214, 282), (586, 282), (212, 628), (588, 628)] {
        pen.ball(x, y, 15, 15, mix(a, INK, 6));
    }
    let body =
        "M216 282C310 312 490 312 584 282C566 390 566 520 586 630C500 652 300 652 214 630C234 520 234 390 216 282Z";
    pen.fill(body, c);
    pen.clipped(body);
    match pen.pick(4) {
        0 => {
            pen.star(400, 466, 126, t);
            pen.star(400, 466, 102, c);
            pen.star(400, 466, 80, a);
            pen.star(400, 466, 46, t);
        }
        1 => {
            for (y, w, s) in [(340, 16, t), (378, 40, a), (424, 10, t), (480, 62, a), (546, 10, t), (582, 28, a)] {
                hoop(pen, 200, 600, y, 14, s, w);
            }
        }
        2 => {
            for (parity, tone) in [(0, t), (1, a)] {
                let all = (0..25).map(|i| (i % 5, i / 5)).filter(|(k, row)| (k + row) % 2 == parity);
                let at: Vec<_> = all.map(|(k, row)| (256 + k * 72, 336 + row * 68)).collect();
                pen.stars(&at, 25, tone);
            }
        }
        _ => {
            for (r, s) in [(190, a), (164, c), (136, t), (112, c), (84, a), (52, t)] {
                lozenge(pen, 400, 464, r, s);
            }
        }
    }
    pen.close();
    pen.shade(body, Shade::Ball);
    pen.stroke("M222 288C312 316 488 316 578 288", mix(c, PAPER, 46), 4);
}

pub(crate) fn scarf(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    let t = mix(c, pen.trim, 85);
    pen.ground(400, 648, 176);
    for x in [212, 588] {
        pen.tube(&poly(&[(x, 250), (x, 628)]), WALNUT, 18);
        pen.tube(&poly(&[(x - 34, 634), (x + 34, 634)]), WALNUT, 18);
    }
    let back = "M448 268H532C540 360 530 460 540 520H444C440 440 450 350 448 268Z";
    pen.solid(back, mix(c, INK, 26), Shade::Cylinder);
    fringe(pen, 450, 538, 520, c);
    let front = "M270 262C330 250 400 250 458 262C468 350 452 470 470 584H276C266 470 286 350 270 262Z";
    pen.fill(front, c);
    pen.clipped(front);
    for (y, w, s) in [(330, 8, t), (352, 20, a), (378, 8, t), (470, 8, t), (506, 36, a), (548, 12, t)] {
        hoop(pen, 264, 474, y, 7, s, w);
    }
    pen.stars(&[(300, 431), (336, 431), (372, 431), (408, 431), (444, 431)], 15, t);
    pen.close();
    pen.stroke("M330 290C340 390 322 480 332 580M402 290C396 390 416 480 408 580", mix(c, INK, 30), 4);
    pen.shade(front, Shade::Cylinder);
    fringe(pen, 282, 466, 584, c);
    pen.tube("M186 254H614", OAK, 20);
    let over = "M266 266C264 236 280 232 300 232H500C528 232 534 240 532 272C510 280 290 276 266 266Z";
    pen.solid(over, mix(c, PAPER, 8), Shade::Cylinder);
}

fn fringe(pen: &mut Pen, x0: i32, x1: i32, y: i32, c: Rgb) {
    let threads: Vec<_> = (0..=(x1 - x0) / 13).map(|i| x0 + i * 13).map(|x| ((x, y), (x + 1, y + 28))).collect();
    pen.lines(&threads, mix(c, CREAM, 30), 5);
}

pub(crate) fn linen(pen: &mut Pen) {
    let (c, a) = (mix(pen.main, CREAM, 24), pen.alt);
    pen.ground(400, 642, 200);
    for (i, y) in [592, 544, 496].into_iter().enumerate() {
        let d = fold(196, 604, y, 48);
        pen.solid(&d, mix(c, INK, 12 - i as u32 * 4), Shade::Cylinder);
        pen.stroke(&poly(&[(210, y + 46), (594, y + 46)]), mix(c, INK, 42), 4);
    }
    let top = "M208 500L296 414H560C596 414 604 470 596 500C480 512 300 512 208 500Z";
    pen.solid(top, mix(c, PAPER, 30), Shade::Flat);
    pen.stroke("M236 492L312 426H552C574 428 580 462 574 492", a, 6);
    pen.fill("M372 414H428L400 506V640H344V506Z", a);
    pen.fill("M344 506H400V640H344Z", mix(a, INK, 18));
    pen.star(372, 572, 22, CREAM);
    pen.tube("M384 456C320 400 300 456 378 466", a, 13);
    pen.tube("M392 456C460 396 486 452 396 466", a, 13);
    pen.ball(388, 460, 14, 11, mix(a, INK, 10));
}
