//! The pantry: jars, tins, a bottle and a box of sweets.

use super::ornament::{Band, band, emblem, hoop, script};
use crate::palette::{AMBER, BEECH, BRASS, BRICK, CREAM, INK, OAK, OLIVE, PAPER, PLUM, ROSE, SAFFRON, SAGE, mix};
use crate::{Pen, Shade};

const GLASS: u32 = 0xe3ece6;

pub(crate) fn spice_jar(pen: &mut Pen) {
    pen.paint(&[BRICK, SAFFRON, AMBER, OLIVE, 0x8a5a3a]);
    let (c, label) = (pen.main, pen.alt);
    pen.ground(400, 642, 142);
    let glass = "M312 318C276 330 266 356 266 396V600C266 656 534 656 534 600V396C534 356 524 330 488 318Z";
    pen.fill(glass, mix(GLASS, c, 12));
    pen.fill("M278 410C278 436 522 436 522 410V602C522 644 278 644 278 602Z", c);
    pen.oval(400, 410, 122, 21, mix(c, PAPER, 26));
    pen.oval(380, 405, 60, 9, mix(c, PAPER, 44));
    pen.fill("M266 468C266 500 534 500 534 468V572C534 604 266 604 266 572Z", CREAM);
    pen.star(400, 532, 38, mix(label, INK, 8));
    pen.star(400, 532, 20, CREAM);
    hoop(pen, 276, 342, 532, 7, mix(INK, CREAM, 40), 5);
    hoop(pen, 458, 524, 539, -4, mix(INK, CREAM, 40), 5);
    pen.shade(glass, Shade::Cylinder);
    pen.stroke("M288 380C286 440 286 540 290 600", PAPER, 8);
    cork(pen, 268);
}

fn cork(pen: &mut Pen, top: i32) {
    let d = "M304 250C304 290 308 320 312 328C320 346 480 346 488 328C492 320 496 290 496 250Z";
    pen.solid(d, OAK, Shade::Cylinder);
    pen.oval(400, top - 18, 96, 20, mix(OAK, PAPER, 34));
    for (x, y) in [(360, 244), (420, 256), (448, 246), (386, 259)] {
        pen.oval(x, y, 7, 3, mix(OAK, INK, 22));
    }
}

pub(crate) fn spice_tin(pen: &mut Pen) {
    let (c, t) = (pen.main, pen.trim);
    pen.ground(400, 642, 176);
    let body = "M240 420V606C240 660 560 660 560 606V420Z";
    pen.fill(body, c);
    pen.fill("M240 476C240 522 560 522 560 476V580C560 626 240 626 240 580Z", mix(c, CREAM, 86));
    band(pen, Band { x0: 240, x1: 560, y: 528, sag: 34, n: 9, r: 22 }, mix(c, INK, 10));
    hoop(pen, 240, 560, 600, 36, mix(c, t, 70), 5);
    pen.shade(body, Shade::Cylinder);
    let lid = "M230 372V432C230 480 570 480 570 432V372Z";
    pen.solid(lid, mix(c, INK, 12), Shade::Cylinder);
    pen.oval(400, 372, 170, 44, mix(c, PAPER, 30));
    pen.oval(402, 376, 150, 36, mix(c, PAPER, 8));
    pen.oval(400, 374, 74, 17, mix(c, t, 78));
    pen.oval(400, 374, 44, 10, mix(c, INK, 8));
}

pub(crate) fn honey(pen: &mut Pen) {
    // Thyme honey is not green: only what makes honey pale or dark may change its colour.
    let c = match pen.one_of(AMBER, &[0xe0a93c, 0xb86a20]) {
        _ if pen.says(&["white", "creamed", "acacia"]) => 0xe8d3a0,
        _ if pen.says(&["buckwheat", "chestnut", "heather", "fir"]) => 0x7a4520,
        amber => amber,
    };
    pen.ground(400, 642, 160);
    let jar = "M300 372C262 384 246 412 246 450V590C246 616 262 644 300 650C366 658 434 658 500 650C538 644 554 616 554 590V450C554 412 538 384 500 372Z";
    pen.fill(jar, c);
    pen.fill(
        "M246 450C246 412 262 384 300 372H500C538 384 554 412 554 450C500 470 300 470 246 450Z",
        mix(c, PAPER, 26),
    );
    pen.fill("M290 474H510V610H290Z", CREAM);
    let comb = mix(AMBER, INK, 8);
    for (x, y) in [(366, 518), (434, 518), (400, 558)] {
        let d = crate::path::poly(&[
            (x, y - 36),
            (x + 31, y - 18),
            (x + 31, y + 18),
            (x, y + 36),
            (x - 31, y + 18),
            (x - 31, y - 18),
        ]);
        pen.fill(&d, if y > 540 { comb } else { mix(comb, CREAM, 40) });
    }
    pen.shade(jar, Shade::Cylinder);
    pen.stroke("M270 450C266 500 266 550 270 588", mix(c, PAPER, 78), 9);
    let lid = "M284 296V362C284 392 516 392 516 362V296Z";
    pen.solid(lid, BRASS, Shade::Cylinder);
    for x in [306, 330, 358, 388, 420, 450, 476, 498] {
        pen.stroke(&crate::path::poly(&[(x, 318), (x, 372)]), mix(BRASS, INK, 22), 3);
    }
    pen.oval(400, 296, 116, 25, mix(BRASS, PAPER, 42));
    pen.oval(402, 298, 102, 19, mix(BRASS, PAPER, 22));
}

pub(crate) fn oil_bottle(pen: &mut Pen) {
    pen.paint(&[OLIVE, 0x55633a, 0x3f5140]);
    let c = pen.main;
    pen.ground(400, 644, 108);
    let glass = "M370 250V330C370 372 304 380 304 440V618C304 656 496 656 496 618V440C496 380 430 372 430 330V250Z";
    pen.fill(glass, mix(c, INK, 12));
    pen.fill("M304 462C304 484 496 484 496 462V596C496 618 304 618 304 596Z", CREAM);
    let mark = pen.label_ink();
    emblem(pen, 400, 524, 32, mark);
    script(pen, 400, 572, 92);
    pen.shade(glass, Shade::Cylinder);
    pen.stroke("M322 444C324 412 378 388 382 344V270", mix(c, PAPER, 62), 7);
    pen.solid("M362 236V272C362 284 438 284 438 272V236Z", mix(c, INK, 30), Shade::Cylinder);
    pen.solid("M374 180V236C374 246 426 246 426 236V180Z", OAK, Shade::Cylinder);
    pen.oval(400, 180, 26, 7, mix(OAK, PAPER, 40));
}

pub(crate) fn preserve(pen: &mut Pen) {
    pen.paint(&[0xc96a2c, BRICK, PLUM, AMBER, 0x7b3040]);
    let (c, cloth) = (pen.main, pen.alt);
    pen.ground(400, 642, 150);
    let jar = "M276 380C258 400 256 420 256 450V604C256 656 544 656 544 604V450C544 420 542 400 524 380Z";
    pen.fill(jar, mix(c, INK, 6));
    for (x, y, r) in [(300, 440, 22), (478, 590, 24), (330, 600, 20), (516, 450, 18), (400, 622, 18), (284, 540, 16)] {
        pen.oval(x, y, r, r * 4 / 5, mix(c, PAPER, 18));
    }
    pen.fill("M256 466C256 496 544 496 544 466V580C544 610 256 610 256 580Z", CREAM);
    let mark = pen.label_ink();
    emblem(pen, 400, 532, 40, mark);
    pen.shade(jar, Shade::Cylinder);
    pen.stroke("M276 430C274 480 276 560 280 600", mix(c, PAPER, 70), 8);
    let cover = "M262 316C262 268 538 268 538 316C540 340 544 352 566 404C548 424 536 400 518 416C500 430 488 408 468 424C448 436 434 414 412 428C392 438 376 416 354 428C334 436 322 412 302 424C284 432 270 406 238 408C256 356 260 340 262 316Z";
    pen.fill(cover, mix(cloth, PAPER, 10));
    pen.clipped(cover);
    for x in [250, 290, 330, 370, 410, 450, 490, 530] {
        pen.stroke(&crate::path::poly(&[(x + (x - 400) / 12, 420), (x, 270)]), mix(cloth, PAPER, 58), 13);
    }
    for y in [290, 326, 362, 398] {
        hoop(pen, 236, 564, y, 22, mix(cloth, PAPER, 44), 9);
    }
    pen.close();
    pen.shade(cover, Shade::Cylinder);
    hoop(pen, 258, 542, 340, 26, CREAM, 8);
    pen.stroke("M398 368C360 402 352 372 398 366C440 402 452 376 402 366", CREAM, 6);
}

pub(crate) fn sweets(pen: &mut Pen) {
    let c = pen.main;
    pen.ground(400, 640, 220);
    let lid = "M268 300L532 300L556 452H244Z";
    pen.solid(lid, c, Shade::Flat);
    pen.star(400, 376, 56, mix(c, CREAM, 80));
    pen.star(400, 376, 38, c);
    pen.star(400, 376, 18, mix(c, CREAM, 80));
    pen.fill("M244 452H556L610 548H190Z", mix(c, INK, 48));
    let tones = [ROSE, mix(SAFFRON, PAPER, 30), mix(SAGE, PAPER, 20), mix(BRICK, PAPER, 35), BEECH];
    for row in 0..3 {
        let (y, half, size) = (470 + row * 30, 128 + row * 20, 24 + row * 3);
        for i in 0..6 {
            let x = 400 - half + (2 * half * i) / 5;
            let tone = tones.get(pen.pick(5) as usize).copied().unwrap_or(ROSE);
            pen.fill(
                &crate::path::poly(&[(x - size, y), (x + size, y), (x + size, y + 34), (x - size, y + 34)]),
                mix(tone, INK, 14),
            );
            pen.fill(
                &crate::path::poly(&[(x - size, y), (x - size + 6, y - 14), (x + size - 6, y - 14), (x + size, y)]),
                mix(tone, PAPER, 40),
            );
            pen.fill(&crate::path::poly(&[(x - size, y), (x + size, y), (x + size, y + 12), (x - size, y + 12)]), tone);
        }
    }
    let front = "M190 548H610V640H190Z";
    pen.solid(front, c, Shade::Flat);
    pen.fill("M190 548H610V556H190Z", mix(c, PAPER, 40));
    band(pen, Band { x0: 196, x1: 604, y: 598, sag: 0, n: 11, r: 16 }, mix(c, CREAM, 74));
}
