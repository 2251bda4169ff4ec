//! Pen and ink.

use super::ornament::{emblem, hoop};
use crate::palette::{BRASS, CREAM, INK, PAPER, mix};
use crate::{Pen, Shade};

pub(crate) fn pen(pen: &mut Pen) {
    let c = pen.main;
    let nib = mix(BRASS, PAPER, 14);
    pen.stroke("M96 610C150 560 190 660 236 604C262 574 282 640 246 612", mix(INK, c, 50), 7);
    pen.turned(-38, 400, 430);
    let barrel = "M214 404C300 392 360 390 470 390H690C724 394 730 466 690 470H470C360 470 300 468 214 456Z";
    let tip = "M90 430C140 408 180 400 216 406V454C180 460 140 452 90 430Z";
    pen.drop(barrel);
    pen.drop(tip);
    pen.solid(tip, nib, Shade::Flat);
    pen.stroke("M96 430H172", mix(nib, INK, 60), 3);
    pen.oval(176, 430, 7, 7, mix(nib, INK, 60));
    pen.solid("M206 402C240 398 270 396 304 394V466C270 464 240 462 206 458Z", mix(c, INK, 44), Shade::Flat);
    pen.fill(barrel, c);
    pen.fill("M206 402C240 398 270 396 304 394V466C270 464 240 462 206 458Z", mix(c, INK, 50));
    pen.fill("M304 394L318 393V467L304 466Z", nib);
    pen.fill("M470 390H490V470H470Z", nib);
    pen.fill("M676 390H692V470H676Z", nib);
    for x in [520, 560, 600, 640] {
        pen.star(x, 430, 17, mix(c, pen.trim, 60));
    }
    pen.fill("M214 456C300 468 360 470 470 470H690C712 468 719 440 718 432H214Z", mix(c, INK, 40));
    pen.fill("M206 432H304V466C270 464 240 462 206 458Z", mix(c, INK, 70));
    for x in [520, 560, 600, 640] {
        pen.star(x, 430, 16, mix(c, pen.trim, 74));
    }
    pen.stroke("M330 404C420 400 560 400 690 404", mix(c, PAPER, 62), 6);
    pen.stroke("M480 392C540 374 600 372 664 376", nib, 9);
    pen.ball(480, 394, 10, 10, nib);
    pen.close();
}

pub(crate) fn ink(pen: &mut Pen) {
    let c = pen.main;
    let glass = mix(c, INK, 30);
    pen.ground(400, 642, 160);
    let body = "M318 392C270 398 244 420 240 460L232 600C232 664 568 664 568 600L560 460C556 420 530 398 482 392Z";
    pen.fill(body, mix(glass, PAPER, 18));
    pen.fill("M246 470C246 500 554 500 554 470L562 598C562 650 238 650 238 598Z", mix(c, INK, 22));
    pen.fill("M286 498C340 512 460 512 514 498V606C460 622 340 622 286 606Z", CREAM);
    let mark = pen.label_ink();
    emblem(pen, 400, 560, 40, mark);
    hoop(pen, 304, 346, 560, 3, mix(c, CREAM, 34), 5);
    hoop(pen, 454, 496, 562, -2, mix(c, CREAM, 34), 5);
    pen.shade(body, Shade::Cylinder);
    pen.stroke("M262 470C256 520 254 560 256 596", mix(c, PAPER, 72), 8);
    pen.solid("M330 350H470V396C470 410 330 410 330 396Z", mix(glass, PAPER, 22), Shade::Cylinder);
    let cap = "M316 270V350C316 378 484 378 484 350V270Z";
    pen.solid(cap, mix(INK, c, 20), Shade::Cylinder);
    for x in [334, 360, 388, 416, 444, 468] {
        pen.stroke(&crate::path::poly(&[(x, 292), (x, 362)]), mix(INK, c, 46), 3);
    }
    pen.oval(400, 270, 84, 18, mix(mix(INK, c, 20), PAPER, 34));
    pen.oval(402, 272, 70, 13, mix(mix(INK, c, 20), PAPER, 18));
}
