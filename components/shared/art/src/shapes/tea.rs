//! Tea and coffee: two tins, a pouch, a coffee bag and the long-handled pot.

use super::ornament::{Band, band, emblem, hoop, script};
use crate::palette::{BRASS, COPPER, CREAM, INK, LEAF, PAPER, STEEL, mix};
use crate::{Pen, Shade};

pub(crate) fn square_tin(pen: &mut Pen) {
    let (c, t) = (pen.main, pen.trim);
    pen.ground(400, 640, 160);
    let side = "M490 318L566 296V604L490 640Z";
    pen.fill(side, mix(c, INK, 42));
    let front = "M254 318H490V640H254Z";
    pen.solid(front, c, Shade::Flat);
    pen.stroke("M254 364H490M254 604H490", mix(c, t, 70), 5);
    pen.stroke("M490 364L566 340M490 604L566 570", mix(c, t, 34), 5);
    band(pen, Band { x0: 262, x1: 482, y: 384, sag: 0, n: 9, r: 9 }, mix(c, t, 80));
    pen.fill("M284 414H460V572H284Z", CREAM);
    let mark = pen.label_ink();
    emblem(pen, 372, 472, 42, mark);
    script(pen, 372, 532, 112);
    pen.fill("M248 258H496V322H248Z", mix(c, INK, 12));
    pen.shade("M248 258H496V322H248Z", Shade::Flat);
    pen.fill("M496 258L572 240V298L496 322Z", mix(c, INK, 52));
    pen.fill("M248 258L326 240H572L496 258Z", mix(c, PAPER, 30));
    pen.fill("M248 318H496V324H248Z", mix(c, INK, 50));
}

pub(crate) fn round_tin(pen: &mut Pen) {
    let (c, t) = (pen.main, pen.trim);
    pen.ground(400, 644, 150);
    let body = "M268 300V616C268 656 532 656 532 616V300Z";
    pen.fill(body, c);
    hoop(pen, 268, 532, 352, 28, mix(c, t, 75), 5);
    hoop(pen, 268, 532, 602, 28, mix(c, t, 75), 5);
    pen.fill("M268 392C268 428 532 428 532 392V558C532 594 268 594 268 558Z", CREAM);
    let mark = pen.label_ink();
    emblem(pen, 400, 476, 44, mark);
    script(pen, 400, 546, 120);
    pen.shade(body, Shade::Cylinder);
    let lid = "M260 246V312C260 350 540 350 540 312V246Z";
    pen.solid(lid, mix(c, INK, 10), Shade::Cylinder);
    pen.oval(400, 246, 140, 31, mix(c, PAPER, 34));
    pen.oval(402, 249, 124, 25, mix(c, PAPER, 14));
}

pub(crate) fn pouch(pen: &mut Pen) {
    let (c, herb) = (pen.main, mix(LEAF, pen.alt, 30));
    let paper = mix(c, CREAM, 62);
    pen.ground(400, 644, 158);
    let bag = "M268 262H532C528 380 546 520 556 606C558 634 544 648 516 650C440 656 360 656 284 650C256 648 242 634 244 606C254 520 272 380 268 262Z";
    pen.fill(bag, paper);
    pen.fill("M268 262H532L531 316H269Z", mix(paper, INK, 10));
    pen.stroke("M280 334H520", mix(paper, INK, 22), 4);
    pen.fill("M268 372H532L540 470H260Z", c);
    pen.star(400, 421, 40, mix(c, CREAM, 82));
    pen.star(400, 421, 22, c);
    pen.oval(400, 560, 82, 52, mix(herb, INK, 34));
    pen.clipped("M318 560C318 491 482 491 482 560C482 629 318 629 318 560Z");
    for i in 0..17 {
        let (x, y) = (328 + (i * 47) % 146, 522 + (i * 31) % 80);
        let shade = mix(herb, PAPER, 8 + (i as u32 * 13) % 40);
        pen.turned(i * 53 % 180, x, y);
        pen.oval(x, y, 15, 5, shade);
        pen.close();
    }
    pen.close();
    pen.shade(bag, Shade::Cylinder);
    pen.stroke("M282 276H518", mix(paper, PAPER, 55), 3);
}

pub(crate) fn coffee_bag(pen: &mut Pen) {
    let c = pen.main;
    pen.ground(400, 642, 160);
    pen.fill("M506 300L562 318L572 612L520 642Z", mix(c, INK, 45));
    pen.fill("M506 300L536 470L520 642Z", mix(c, INK, 30));
    let front = "M266 300H506C510 420 516 540 520 642H250C254 540 262 420 266 300Z";
    pen.solid(front, c, Shade::Flat);
    pen.fill("M288 404H486L492 590H282Z", CREAM);
    let bean = mix(INK, 0x8a5a3a, 62);
    for (x, y, turn) in [(352, 474, -28), (418, 474, 28), (385, 452, 0)] {
        pen.turned(turn, x, y);
        pen.ball(x, y, 24, 34, bean);
        pen.stroke(&crate::path::poly(&[(x + 2, y - 28), (x - 3, y), (x + 2, y + 28)]), mix(bean, INK, 60), 4);
        pen.close();
    }
    script(pen, 387, 544, 118);
    let fold = "M262 248H510V304H262Z";
    pen.solid(fold, mix(c, PAPER, 10), Shade::Flat);
    pen.fill("M510 248L562 266V322L510 304Z", mix(c, INK, 38));
    pen.fill("M262 292H510V304H262Z", mix(c, INK, 26));
    let tie = mix(pen.alt, INK, 8);
    pen.fill("M246 262H528C534 262 534 280 528 280H246C240 280 240 262 246 262Z", tie);
}

pub(crate) fn coffee_pot(pen: &mut Pen) {
    pen.paint(&[COPPER, BRASS, STEEL]);
    let c = pen.main;
    pen.ground(380, 642, 150);
    pen.tube("M470 398C560 360 610 330 690 262", mix(BRASS, INK, 12), 24);
    pen.ball(690, 262, 17, 17, mix(BRASS, INK, 12));
    let body = "M298 372C306 430 236 500 240 590C242 656 518 656 520 590C524 500 454 430 462 372Z";
    pen.fill(body, c);
    hoop(pen, 257, 503, 500, 30, mix(c, INK, 40), 4);
    hoop(pen, 240, 520, 572, 34, mix(c, INK, 40), 4);
    band(pen, Band { x0: 254, x1: 506, y: 536, sag: 30, n: 8, r: 19 }, mix(c, INK, 44));
    pen.shade(body, Shade::Cylinder);
    let lip = "M264 330L240 344L298 392C330 404 430 404 462 392L492 330Z";
    pen.solid(lip, mix(c, PAPER, 8), Shade::Cylinder);
    pen.mouth(378, 332, 116, 25, c);
    pen.oval(382, 340, 90, 15, mix(0x4a2f22, INK, 20));
    pen.oval(364, 338, 40, 6, mix(0x8a5f43, CREAM, 20));
}
