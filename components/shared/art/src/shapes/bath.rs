//! The bath: soap, oil, salt, towel, brush.

use super::ornament::{emblem, leaf, script};
use crate::palette::{BEECH, CREAM, INK, OAK, PAPER, SAGE, STEEL, WALNUT, mix};
use crate::path::poly;
use crate::{Pen, Shade};

pub(crate) fn soap(pen: &mut Pen) {
    let c = mix(pen.main, CREAM, 28);
    pen.ground(400, 642, 210);
    bar(pen, 166, 544, 196, mix(c, INK, 8));
    bar(pen, 412, 544, 196, mix(c, pen.alt, 26));
    bar(pen, 236, 436, 330, c);
    pen.fill("M236 468H566V512H236Z", mix(pen.alt, CREAM, 16));
    pen.fill("M566 468L606 436V480L566 512Z", mix(pen.alt, INK, 34));
    pen.fill("M236 468H566V472H236Z", mix(pen.alt, PAPER, 40));
    pen.star(401, 490, 19, CREAM);
    let top = "M284 384C276 384 246 410 240 426C236 436 244 440 252 440H556C566 440 572 432 580 420L604 396C610 388 604 384 596 384Z";
    pen.solid(top, mix(c, PAPER, 36), Shade::Flat);
    pen.oval(420, 412, 74, 16, mix(c, INK, 12));
    pen.oval(423, 414, 70, 13, mix(c, PAPER, 22));
    pen.star(422, 413, 10, mix(c, INK, 18));
}

fn bar(pen: &mut Pen, x: i32, y: i32, w: i32, c: u32) {
    pen.fill(
        &poly(&[(x + w, y + 6), (x + w + 40, y - 24), (x + w + 40, y + 66), (x + w + 34, y + 74), (x + w, y + 98)]),
        mix(c, INK, 34),
    );
    pen.fill(
        &poly(&[(x, y + 4), (x + 44, y - 30), (x + w + 36, y - 30), (x + w + 40, y - 22), (x + w, y + 8)]),
        mix(c, PAPER, 36),
    );
    let face = poly(&[
        (x, y + 6),
        (x + 6, y),
        (x + w - 6, y),
        (x + w, y + 6),
        (x + w, y + 92),
        (x + w - 8, y + 100),
        (x + 8, y + 100),
        (x, y + 92),
    ]);
    pen.solid(&face, c, Shade::Flat);
    for i in 0..5 {
        pen.oval(x + 30 + i * 61 % (w - 50), y + 22 + i * 37 % 66, 5, 3, mix(c, INK, 22));
    }
}

pub(crate) fn oil(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    let glass = mix(c, 0xd9a24a, 40);
    pen.ground(400, 642, 116);
    let body = "M366 300V356C366 382 290 388 290 440V614C290 658 510 658 510 614V440C510 388 434 382 434 356V300Z";
    pen.fill(body, mix(glass, PAPER, 34));
    pen.fill("M290 452C320 462 480 462 510 452V614C510 654 290 654 290 614Z", glass);
    pen.fill("M290 486C290 510 510 510 510 486V588C510 612 290 612 290 588Z", CREAM);
    pen.star(400, 544, 34, mix(a, INK, 8));
    leaf(pen, 400, 566, 46, CREAM);
    pen.shade(body, Shade::Cylinder);
    pen.stroke("M308 450C308 500 308 560 312 610", PAPER, 7);
    pen.solid("M356 282H444V310C444 320 356 320 356 310Z", mix(glass, PAPER, 20), Shade::Cylinder);
    let stopper =
        "M372 284C372 250 340 246 340 214C340 180 370 160 400 160C430 160 460 180 460 214C460 246 428 250 428 284Z";
    pen.solid(stopper, mix(glass, PAPER, 46), Shade::Ball);
    pen.stroke("M356 214C356 196 374 180 392 178", PAPER, 7);
}

pub(crate) fn salt(pen: &mut Pen) {
    let c = mix(pen.main, PAPER, 44);
    pen.ground(400, 642, 158);
    let jar = "M262 360C248 366 246 380 246 400V600C246 660 554 660 554 600V400C554 380 552 366 538 360Z";
    pen.fill(jar, 0xe3ece8);
    pen.fill("M258 420C300 408 350 434 400 418C450 404 510 434 542 416V602C542 648 258 648 258 602Z", c);
    for i in 0..22 {
        let (x, y) = (270 + (i * 83) % 258, 436 + (i * 59) % 176);
        pen.fill(
            &poly(&[(x, y), (x + 11, y - 5), (x + 17, y + 5), (x + 6, y + 10)]),
            mix(c, if i % 2 == 0 { PAPER } else { pen.main }, 46),
        );
    }
    pen.fill("M300 480H500V590C440 600 360 600 300 590Z", CREAM);
    let mark = pen.label_ink();
    emblem(pen, 400, 526, 30, mark);
    script(pen, 400, 570, 96);
    pen.shade(jar, Shade::Cylinder);
    pen.stroke("M270 410C266 480 266 560 270 606", PAPER, 8);
    pen.solid("M250 320V362C250 396 550 396 550 362V320Z", OAK, Shade::Cylinder);
    pen.oval(400, 320, 150, 31, mix(OAK, PAPER, 34));
    pen.oval(402, 322, 120, 23, mix(OAK, INK, 6));
    pen.ball(400, 300, 34, 26, mix(OAK, PAPER, 6));
    pen.stroke("M252 388C320 412 480 412 548 388", STEEL, 5);
}

pub(crate) fn towel(pen: &mut Pen) {
    let (c, a) = (mix(pen.main, PAPER, 20), pen.alt);
    pen.ground(400, 642, 220);
    roll(pen, 190, 562, c, a);
    roll(pen, 380, 562, mix(c, INK, 8), a);
    roll(pen, 286, 410, mix(c, PAPER, 14), a);
}

/// A rolled towel: its coiled end faces the viewer, the roll runs back to the right.
fn roll(pen: &mut Pen, x: i32, y: i32, c: u32, stripe: u32) {
    let at = |letters: &str, offsets: &[(i32, i32)]| {
        let mut d = String::new();
        for (letter, (dx, dy)) in letters.chars().zip(offsets) {
            crate::path::push_at(&mut d, letter, x + dx, y + dy);
        }
        d
    };
    let side = at("MLC  LZ", &[(0, -80), (150, -104), (222, -104), (222, 56), (150, 56), (0, 80)]);
    pen.fill(&side, c);
    pen.clipped(&side);
    for (dx, w, tone) in [(100, 12, stripe), (126, 22, mix(stripe, PAPER, 30)), (152, 8, stripe)] {
        pen.stroke(&at("MC  ", &[(dx, -112), (dx + 54, -80), (dx + 54, 30), (dx, 74)]), tone, w);
    }
    pen.stroke(&at("ML", &[(0, 66), (180, 42)]), mix(c, INK, 24), 44);
    pen.close();
    pen.shade(&side, Shade::Flat);
    pen.ball(x, y, 80, 80, mix(c, PAPER, 26));
    for r in [62, 46, 30, 14] {
        pen.oval(x + 2, y + 2, r, r, mix(c, INK, 26));
        pen.oval(x, y, r - 3, r - 3, mix(c, PAPER, 30));
    }
}

pub(crate) fn brush(pen: &mut Pen) {
    pen.paint(&[BEECH, OAK, WALNUT, 0xb5834e]);
    let c = pen.main;
    pen.turned(-30, 400, 440);
    let wood = "M86 420C86 350 150 338 220 338C320 338 340 386 420 396L690 398C724 400 724 444 690 446L420 450C340 458 320 502 220 502C150 502 86 490 86 420Z";
    pen.drop(wood);
    let bristle = mix(0xd8bd8c, CREAM, 30);
    pen.fill("M104 450C110 500 150 536 220 536C300 536 330 500 350 470L330 440H110Z", mix(bristle, INK, 16));
    for i in 0..19 {
        let x = 110 + i * 13;
        let off = x - 220;
        let end = 548 - off * off / 420;
        pen.stroke(&poly(&[(x, 470), (220 + off * 108 / 100, end)]), mix(bristle, INK, (i as u32 * 7) % 24), 7);
    }
    pen.solid(wood, c, Shade::Flat);
    pen.stroke("M110 400C120 360 160 352 220 352C310 352 340 398 420 408L680 410", mix(c, PAPER, 40), 5);
    pen.star(220, 420, 40, mix(c, INK, 28));
    pen.star(221, 421, 26, c);
    pen.oval(684, 422, 10, 9, mix(c, INK, 64));
    pen.stroke("M690 422C740 400 750 470 700 430", mix(SAGE, INK, 20), 6);
    pen.close();
}
