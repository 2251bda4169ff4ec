//! Lute and flute.

use crate::palette::{BEECH, BRASS, CREAM, INK, OAK, PAPER, WALNUT, mix};
use crate::path::poly;
use crate::{Pen, Shade};

pub(crate) fn lute(pen: &mut Pen) {
    pen.paint(&[BEECH, OAK, 0xcfa06a, WALNUT]);
    let c = pen.main;
    let dark = mix(WALNUT, INK, 34);
    pen.ground(400, 642, 140);
    pen.turned(7, 400, 640);
    let head = "M384 176L416 176L420 108C420 92 366 60 344 66L338 84C366 88 384 104 384 120Z";
    pen.solid(head, dark, Shade::Cylinder);
    for (y, x) in [(92, 368), (112, 384), (136, 386), (158, 386)] {
        pen.stroke(&poly(&[(x - 20, y), (x + 60, y - 6)]), mix(WALNUT, BEECH, 30), 7);
    }
    pen.solid("M380 170H420L428 360H372Z", dark, Shade::Cylinder);
    let shell =
        "M376 300C370 360 236 410 224 520C218 600 300 646 408 646C516 646 590 600 584 520C572 410 430 360 424 300Z";
    pen.fill(shell, mix(dark, WALNUT, 30));
    let face =
        "M378 300C372 360 232 410 220 516C214 596 296 640 400 640C504 640 586 596 580 516C568 410 428 360 422 300Z";
    pen.fill(face, c);
    pen.clipped(face);
    for x in [270, 310, 350, 450, 490, 530] {
        pen.stroke(&poly(&[(x, 330), (x, 650)]), mix(c, INK, 10), 3);
    }
    pen.close();
    pen.shade(face, Shade::Ball);
    pen.stroke(face, mix(dark, BEECH, 20), 6);
    pen.oval(400, 470, 62, 62, dark);
    pen.oval(400, 470, 55, 55, mix(CREAM, c, 30));
    pen.star(400, 470, 48, dark);
    pen.star(400, 470, 33, mix(CREAM, c, 30));
    pen.star(400, 470, 19, dark);
    for (x, y) in [(306, 506), (494, 506)] {
        pen.oval(x, y, 20, 20, dark);
        pen.star(x, y, 16, mix(CREAM, c, 30));
    }
    pen.solid("M346 578H454L462 594H338Z", dark, Shade::Flat);
    for x in [-15, -9, -3, 3, 9, 15] {
        pen.stroke(&poly(&[(400 + x * 8 / 10, 176), (400 + x * 3, 580)]), mix(CREAM, INK, 12), 2);
    }
    pen.close();
}

pub(crate) fn flute(pen: &mut Pen) {
    pen.paint(&[BEECH, OAK, WALNUT, 0x8a5a3a, 0xd6bf86]);
    let (c, a) = (pen.main, pen.alt);
    let short = pen.is_first(&["recorder", "whistle", "ocarina"], &["ney", "reed", "bamboo", "transverse", "side"]);
    pen.turned(-36, 400, 430);
    let body = if short {
        "M150 398C180 392 230 392 260 396H640C670 392 690 388 700 384V476C690 472 670 468 640 464H260C230 468 180 468 150 462Z"
    } else {
        "M36 404H740C752 404 752 456 740 456H36C24 456 24 404 36 404Z"
    };
    pen.drop(body);
    pen.fill(body, c);
    let bands: &[i32] = if short { &[196, 300, 620] } else { &[96, 232, 400, 568, 690] };
    let (top, bottom) = if short { (396, 464) } else { (404, 456) };
    for x in bands {
        pen.fill(&poly(&[(*x, top), (*x + 22, top), (*x + 22, bottom), (*x, bottom)]), mix(BRASS, a, 20));
        pen.fill(&poly(&[(*x + 5, top), (*x + 9, top), (*x + 9, bottom), (*x + 5, bottom)]), mix(BRASS, INK, 34));
        pen.fill(&poly(&[(*x + 14, top), (*x + 17, top), (*x + 17, bottom), (*x + 14, bottom)]), mix(BRASS, INK, 34));
    }
    let lower = if short {
        "M150 438H700V476C690 472 670 468 640 464H260C230 468 180 468 150 462Z"
    } else {
        "M28 434H748C748 446 746 456 740 456H36C30 456 28 446 28 434Z"
    };
    pen.fill(lower, mix(c, INK, 32));
    for x in bands {
        pen.fill(&poly(&[(*x, 434), (*x + 22, 434), (*x + 22, bottom), (*x, bottom)]), mix(BRASS, INK, 46));
    }
    pen.stroke(if short { "M170 406C300 402 500 402 680 398" } else { "M40 412H734" }, mix(c, PAPER, 56), 5);
    for i in 0..6 {
        let x = if short { 344 + i * 44 } else { 284 + i * 48 + i / 3 * 60 };
        pen.oval(x, 424, 11, 9, mix(INK, c, 12));
        pen.oval(x + 2, 427, 8, 6, mix(INK, c, 30));
    }
    if short {
        pen.solid("M118 404C108 410 108 450 118 456L152 462V398Z", mix(WALNUT, INK, 30), Shade::Flat);
        pen.fill("M216 416H250V436H216Z", mix(INK, c, 14));
    } else {
        pen.ball(744, 430, 8, 26, mix(c, INK, 60));
    }
    pen.close();
}
