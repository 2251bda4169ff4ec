//! Kitchen tools.

use super::ornament::{Band, band, hoop};
use crate::palette::{BEECH, BRASS, COPPER, INK, IRON, OAK, PAPER, STEEL, STONE, WALNUT, mix};
use crate::{Pen, Shade};

pub(crate) fn knife(pen: &mut Pen) {
    pen.paint(&[WALNUT, OAK, 0x3a3735, 0x8c5a3c]);
    let c = pen.main;
    pen.turned(-32, 400, 440);
    let wide = pen.is_first(
        &["cleaver", "chopper"],
        &["paring", "bread", "boning", "oyster", "cheese", "orchard", "steak", "cook", "cooks"],
    );
    let blade = if wide {
        "M70 400C90 370 110 366 130 366H500V500H250C170 500 100 460 70 400Z"
    } else {
        "M40 452C120 420 240 400 330 396H500V470H240C150 470 80 462 40 452Z"
    };
    let handle =
        "M500 392C560 384 680 388 730 400C760 408 764 462 734 470C690 478 660 462 620 464C570 466 540 476 500 472Z";
    pen.drop(blade);
    pen.drop(handle);
    pen.solid(blade, STEEL, Shade::Flat);
    pen.fill(
        if wide {
            "M82 418C120 470 180 490 250 490H500V500H250C170 500 106 466 70 400Z"
        } else {
            "M40 452C150 452 240 458 500 456V470H240C150 470 80 462 40 452Z"
        },
        mix(STEEL, 0xffffff, 70),
    );
    pen.solid("M486 388H522V476H486Z", BRASS, Shade::Flat);
    pen.solid(handle, c, Shade::Flat);
    pen.stroke("M540 404C600 398 680 400 724 412", mix(c, PAPER, 36), 4);
    for x in [570, 636, 700] {
        pen.ball(x, 432, 9, 9, BRASS);
    }
    pen.star(448, if wide { 412 } else { 428 }, 15, mix(STEEL, INK, 34));
    pen.close();
}

pub(crate) fn board(pen: &mut Pen) {
    pen.paint(&[OAK, WALNUT, BEECH, 0xb5834e]);
    let c = pen.main;
    pen.ground(400, 642, 160);
    pen.turned(4, 400, 640);
    let round = pen.is_first(&["round", "pastry"], &["bread", "block", "slice", "carving", "garlic", "paddle"]);
    let face = if round {
        "M372 150H428C440 150 444 160 442 172L436 256C540 274 600 350 600 448C600 560 510 644 400 644C290 644 200 560 200 448C200 350 260 274 364 256L358 172C356 160 360 150 372 150Z"
    } else {
        "M372 150H428C440 150 444 160 442 172L438 250C440 276 450 284 476 284H540C560 284 570 294 570 314V614C570 634 560 644 540 644H260C240 644 230 634 230 614V314C230 294 240 284 260 284H324C350 284 360 276 362 250L358 172C356 160 360 150 372 150Z"
    };
    pen.turned(1, 400, -900);
    pen.fill(face, mix(c, INK, 52));
    pen.close();
    pen.fill(face, c);
    pen.clipped(face);
    for (i, d) in [
        "M236 200C250 330 214 480 244 660",
        "M290 200C310 360 270 500 296 660",
        "M346 150C340 340 380 420 352 660",
        "M404 150C420 330 384 500 410 660",
        "M462 240C440 400 486 480 462 660",
        "M520 240C540 380 500 520 526 660",
        "M572 240C560 400 590 520 570 660",
    ]
    .into_iter()
    .enumerate()
    {
        pen.stroke(d, mix(c, INK, 14 + (i as u32 % 3) * 6), 4 + (i as i32 % 3) * 3);
    }
    if pen.pick(2) == 0 {
        pen.fill("M200 470H600V500H200Z", mix(WALNUT, c, 14));
        pen.fill("M200 508H600V516H200Z", mix(WALNUT, c, 10));
    }
    pen.close();
    pen.shade(face, Shade::Flat);
    pen.oval(400, 190, 17, 17, mix(c, INK, 66));
    pen.close();
}

pub(crate) fn pan(pen: &mut Pen) {
    pen.paint(&[COPPER, IRON, COPPER, 0x5b6a6c]);
    let c = pen.main;
    pen.ground(370, 642, 190);
    pen.tube("M560 470C630 444 680 420 730 384", mix(BRASS, INK, 14), 25);
    pen.oval(720, 391, 8, 7, INK);
    let body = "M172 440V590C172 672 588 672 588 590V440Z";
    pen.fill(body, c);
    hoop(pen, 172, 588, 480, 62, mix(c, INK, 22), 4);
    band(pen, Band { x0: 190, x1: 570, y: 530, sag: 60, n: 9, r: 14 }, mix(c, INK, 20));
    pen.shade(body, Shade::Cylinder);
    for (x, y) in [(560, 476), (552, 506)] {
        pen.ball(x, y, 8, 8, BRASS);
    }
    pen.mouth(380, 440, 208, 56, mix(c, STEEL, 60));
    pen.oval(390, 452, 140, 28, mix(STEEL, INK, 16));
    pen.oval(360, 446, 70, 12, mix(STEEL, PAPER, 42));
}

pub(crate) fn mortar(pen: &mut Pen) {
    pen.paint(&[STONE, BRASS, OAK, 0x7c7f80]);
    let c = pen.main;
    pen.ground(400, 642, 156);
    pen.solid("M320 560H480L530 640C480 656 320 656 270 640Z", c, Shade::Cylinder);
    pen.mouth(400, 398, 182, 42, c);
    pen.turned(26, 420, 420);
    let pestle = "M394 108C394 84 446 84 446 108L440 300C452 380 462 440 422 470C382 440 392 380 400 300Z";
    pen.solid(pestle, mix(c, INK, 8), Shade::Cylinder);
    pen.close();
    let cup = "M218 400C222 500 290 594 400 594C510 594 578 500 582 400C540 452 260 452 218 400Z";
    pen.fill(cup, c);
    pen.dots(&[(300, 510), (340, 550), (460, 530), (500, 490), (420, 566), (380, 510), (284, 480)], 6, mix(c, INK, 24));
    band(pen, Band { x0: 236, x1: 564, y: 450, sag: 38, n: 9, r: 15 }, mix(c, INK, 30));
    pen.shade(cup, Shade::Ball);
    pen.stroke("M220 404C270 450 530 450 580 404", mix(c, PAPER, 50), 9);
}

pub(crate) fn spoons(pen: &mut Pen) {
    pen.paint(&[BEECH, OAK, WALNUT]);
    let c = pen.main;
    for (turn, tone, kind) in [(-36, mix(c, INK, 8), pen.pick(2)), (-66, c, 2)] {
        pen.turned(turn, 400, 400);
        let head = match kind {
            0 => {
                "M60 430C60 384 110 372 160 376C210 380 236 410 250 420V440C236 450 210 480 160 484C110 488 60 476 60 430Z"
            }
            1 => "M56 378C90 372 190 380 250 420V440C190 480 90 488 56 482C50 450 50 410 56 378Z",
            _ => {
                "M52 430C52 374 100 360 148 362C206 366 236 412 250 420V440C236 448 206 494 148 498C100 500 52 486 52 430Z"
            }
        };
        let stick = "M240 418L700 414C726 414 726 446 700 446L240 442Z";
        pen.drop(head);
        pen.drop(stick);
        pen.solid(stick, tone, Shade::Flat);
        pen.solid(head, tone, Shade::Ball);
        if kind == 1 {
            pen.fill("M96 424H196C204 424 204 438 196 438H96C88 438 88 424 96 424Z", mix(tone, INK, 60));
        } else {
            pen.oval(146, 430, 70, 40, mix(tone, INK, 26));
            pen.oval(152, 436, 60, 32, mix(tone, INK, 12));
        }
        pen.oval(692, 430, 7, 7, mix(tone, INK, 60));
        pen.stroke("M270 426C400 424 560 422 660 424", mix(tone, PAPER, 34), 4);
        pen.close();
    }
}

pub(crate) fn mill(pen: &mut Pen) {
    pen.paint(&[WALNUT, BEECH, OAK, BRASS]);
    let (c, t) = (pen.main, pen.trim);
    pen.ground(400, 642, 92);
    pen.tube("M400 196C460 176 500 186 534 172", BRASS, 13);
    pen.ball(536, 152, 20, 26, mix(c, INK, 16));
    let body = match pen.pick(2) {
        0 => {
            "M344 380C352 410 372 430 372 470C372 520 316 560 316 630C340 652 460 652 484 630C484 560 428 520 428 470C428 430 448 410 456 380Z"
        }
        _ => {
            "M328 380C340 440 330 500 322 560C318 590 316 610 316 630C340 652 460 652 484 630C484 610 482 590 478 560C470 500 460 440 472 380Z"
        }
    };
    pen.fill(body, c);
    hoop(pen, 320, 480, 590, 18, mix(c, INK, 30), 5);
    band(pen, Band { x0: 322, x1: 478, y: 612, sag: 16, n: 7, r: 11 }, mix(c, t, 70));
    pen.shade(body, Shade::Cylinder);
    pen.solid("M332 362H468V384C468 396 332 396 332 384Z", BRASS, Shade::Cylinder);
    let head =
        "M336 364C316 330 330 280 366 262C380 254 420 254 434 262C470 280 484 330 464 364C440 374 360 374 336 364Z";
    pen.solid(head, c, Shade::Ball);
    pen.solid("M378 230H422L430 262H370Z", BRASS, Shade::Cylinder);
    pen.ball(400, 208, 22, 22, BRASS);
}
