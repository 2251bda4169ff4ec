//! Paper: notebook, letter set, print.

use super::ornament::leaf;
use crate::palette::{BRICK, CREAM, INK, OAK, PAPER, SAFFRON, WALNUT, mix};
use crate::path::poly;
use crate::{Pen, Shade};

pub(crate) fn notebook(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    let t = mix(c, pen.trim, 85);
    pen.ground(410, 642, 150);
    pen.fill("M540 262L584 246V604L540 642Z", mix(CREAM, INK, 18));
    for i in 0..6 {
        let x = 546 + i * 6;
        pen.stroke(&poly(&[(x, 264 - i * 2), (x, 632 - i * 5)]), mix(CREAM, INK, 32), 2);
    }
    pen.fill("M252 262L300 244H588L540 264Z", mix(CREAM, PAPER, 40));
    pen.fill("M578 242H592V602L584 606V250Z", mix(c, INK, 40));
    let cover = "M244 258C244 250 250 246 258 246H532C540 246 546 252 546 260V630C546 638 540 644 532 644H258C250 644 244 638 244 630Z";
    pen.fill(cover, c);
    match pen.pick(3) {
        0 => {
            pen.fill("M304 312H508V420H304Z", CREAM);
            pen.stroke("M328 350H484M328 382H450", mix(c, CREAM, 30), 5);
        }
        1 => {
            pen.star(406, 440, 92, t);
            pen.star(406, 440, 74, c);
            pen.star(406, 440, 54, a);
            pen.star(406, 440, 28, t);
        }
        _ => {
            for row in 0..5 {
                for k in 0..3 {
                    pen.star(336 + k * 72, 318 + row * 68, 23, if (row + k) % 2 == 0 { t } else { mix(a, c, 20) });
                }
            }
        }
    }
    pen.fill("M244 258C244 250 250 246 258 246H282V644H258C250 644 244 638 244 630Z", mix(c, INK, 26));
    pen.shade(cover, Shade::Flat);
    pen.fill("M510 246H522V644H510Z", mix(a, INK, 14));
    pen.fill("M340 644H356V686L348 676L340 686Z", mix(a, INK, 6));
}

pub(crate) fn letters(pen: &mut Pen) {
    let (c, a) = (mix(pen.main, CREAM, 62), pen.alt);
    pen.ground(400, 642, 220);
    pen.turned(-5, 400, 640);
    let sheet = "M232 252H528V630H232Z";
    pen.solid(sheet, PAPER, Shade::Flat);
    pen.star(380, 304, 26, a);
    pen.star(380, 304, 14, PAPER);
    pen.stroke("M270 366H490M270 394H490M270 422H430", mix(CREAM, INK, 22), 4);
    pen.close();
    pen.turned(4, 400, 640);
    pen.solid("M286 282H566V636H286Z", mix(PAPER, CREAM, 60), Shade::Flat);
    pen.stroke("M320 340H530M320 368H530M320 396H530", mix(CREAM, INK, 24), 4);
    pen.close();
    let back = "M188 432H612V644H188Z";
    pen.solid(back, c, Shade::Flat);
    pen.fill("M188 644L352 528H448L612 644Z", mix(c, INK, 10));
    pen.stroke("M188 644L356 526M612 644L444 526", mix(c, INK, 28), 4);
    let flap = "M188 432H612L420 566C408 574 392 574 380 566Z";
    pen.fill("M188 436H612L420 578C408 586 392 586 380 578Z", mix(c, INK, 30));
    pen.fill(flap, mix(c, a, 26));
    pen.shade(flap, Shade::Flat);
    pen.ball(400, 556, 38, 36, BRICK);
    pen.star(400, 555, 22, mix(BRICK, PAPER, 36));
    pen.star(400, 555, 10, BRICK);
}

pub(crate) fn print(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    let frame = pen.one_of(OAK, &[WALNUT, mix(INK, WALNUT, 20)]);
    pen.ground(410, 642, 170);
    pen.fill("M566 196L584 206V634L566 644Z", mix(frame, INK, 52));
    pen.solid("M234 196H566V644H234Z", frame, Shade::Flat);
    pen.fill("M252 214H548V626H252Z", mix(frame, INK, 46));
    pen.fill("M258 218H548V626H258Z", PAPER);
    let art = "M300 262H506V580H300Z";
    pen.fill(art, mix(c, PAPER, 64));
    pen.clipped(art);
    match pen.pick(4) {
        0 => {
            pen.oval(403, 372, 62, 62, SAFFRON);
            pen.fill("M280 480C340 420 400 500 460 440C490 420 520 440 540 450V600H280Z", mix(c, PAPER, 20));
            pen.fill("M280 530C350 480 420 560 540 500V600H280Z", c);
        }
        1 => {
            for (x, h, tone) in [(330, 420, a), (403, 360, c), (476, 440, mix(a, INK, 30))] {
                pen.fill(
                    &poly(&[
                        (x - 30, h),
                        (x - 24, h - 30),
                        (x, h - 56),
                        (x + 24, h - 30),
                        (x + 30, h),
                        (x + 30, 590),
                        (x - 30, 590),
                    ]),
                    tone,
                );
            }
            pen.oval(470, 310, 22, 22, SAFFRON);
        }
        2 => {
            pen.stroke("M403 600V330", mix(c, INK, 30), 7);
            for (y, s) in [(560, 120), (500, 108), (440, 92), (384, 76)] {
                for side in [-58, 58] {
                    pen.turned(side, 403, y);
                    leaf(pen, 403, y, s, if side < 0 { c } else { mix(c, INK, 26) });
                    pen.close();
                }
            }
            leaf(pen, 403, 350, 80, mix(a, c, 30));
        }
        _ => {
            pen.star(403, 421, 130, c);
            pen.star(403, 421, 104, mix(c, PAPER, 64));
            pen.star(403, 421, 84, a);
            pen.star(403, 421, 50, PAPER);
            pen.star(403, 421, 24, c);
        }
    }
    pen.close();
    pen.shade("M258 218H548V626H258Z", Shade::Flat);
}
