//! The garden: plants, pots, seeds, a can and tools.

use super::ornament::{Band, band, hoop, leaf, script};
use crate::palette::{BEECH, CREAM, INK, LEAF, OAK, OLIVE, PAPER, SAFFRON, STEEL, TERRACOTTA, WALNUT, mix};
use crate::path::poly;
use crate::{Pen, Shade};

fn vessel(pen: &mut Pen, top: i32) {
    let (c, t) = (pen.main, pen.trim);
    let h = 640 - top;
    let wall = poly(&[(268, top + 46), (532, top + 46), (496, 636), (450, 648), (400, 651), (350, 648), (304, 636)]);
    pen.fill(&wall, c);
    band(pen, Band { x0: 286, x1: 514, y: top + 60 + h / 3, sag: 16, n: 7, r: 18 }, mix(c, t, 78));
    pen.shade(&wall, Shade::Cylinder);
    let rim = poly(&[
        (250, top),
        (550, top),
        (544, top + 52),
        (480, top + 66),
        (400, top + 70),
        (320, top + 66),
        (256, top + 52),
    ]);
    pen.solid(&rim, mix(c, PAPER, 6), Shade::Cylinder);
    pen.mouth(400, top, 150, 27, c);
}

pub(crate) fn plant(pen: &mut Pen) {
    let green = pen.one_of(LEAF, &[OLIVE, 0x5d8a6b, 0x3f6b4f]);
    pen.paint(&[TERRACOTTA, CREAM, 0x3c7873, 0x8c8f8a]);
    pen.ground(400, 642, 128);
    vessel(pen, 474);
    pen.oval(402, 480, 124, 17, 0x4d3a2e);
    let form = match pen.pick(4) {
        _ if pen.says(&["cactus", "pear"]) => 3,
        _ if pen.says(&["snake", "papyrus", "aloe"]) => 1,
        _ if pen.says(&["tree", "bay", "jade", "pothos", "maidenhair"]) => 2,
        _ if pen.says(&["palm", "fern", "fig", "lily"]) => 0,
        any => any,
    };
    match form {
        0 => {
            for (turn, len) in
                [(-64, 210), (62, 206), (-44, 270), (42, 264), (-22, 320), (24, 310), (-4, 350), (10, 250), (-12, 230)]
            {
                pen.turned(turn, 400, 486);
                leaf(pen, 400, 486, len, mix(green, if turn < 0 { PAPER } else { INK }, (turn.unsigned_abs()) / 4 + 6));
                pen.stroke(&poly(&[(400, 480), (400, 486 - len * 8 / 10)]), mix(green, PAPER, 34), 3);
                pen.close();
            }
        }
        1 => {
            for (turn, len) in [(-30, 250), (34, 240), (-18, 330), (20, 320), (-7, 380), (9, 360), (0, 290)] {
                pen.turned(turn, 400, 492);
                let blade =
                    poly(&[(384, 486), (386, 486 - len / 2), (400, 486 - len), (414, 486 - len / 2), (416, 486)]);
                pen.solid(&blade, mix(green, if turn < 0 { PAPER } else { INK }, 12), Shade::Cylinder);
                pen.stroke(&poly(&[(389, 480), (390, 490 - len / 2)]), mix(SAFFRON, PAPER, 40), 4);
                pen.close();
            }
        }
        2 => {
            for (x, y, r) in [
                (300, 330, 46),
                (500, 320, 44),
                (348, 252, 42),
                (452, 240, 46),
                (400, 330, 52),
                (270, 410, 36),
                (532, 400, 38),
                (400, 176, 40),
                (352, 410, 34),
                (456, 404, 36),
            ] {
                pen.stroke(&poly(&[(400, 484), (x, y + r / 2)]), mix(green, INK, 30), 5);
                pen.ball(x, y, r, r * 9 / 10, mix(green, PAPER, ((x as u32 / 7) * 5) % 22));
            }
        }
        _ => {
            let body = "M330 484C300 400 306 250 400 220C494 250 500 400 470 484Z";
            pen.fill(body, green);
            for x in [-60, -30, 0, 30, 60] {
                hoop_v(pen, x, mix(green, INK, 30));
            }
            pen.shade(body, Shade::Ball);
            for (x, y) in [
                (340, 330),
                (372, 280),
                (372, 400),
                (400, 340),
                (428, 280),
                (428, 400),
                (460, 330),
                (345, 440),
                (400, 446),
                (455, 440),
            ] {
                pen.star(x, y, 9, CREAM);
            }
            for turn in [-60, -30, 0, 30, 60] {
                pen.turned(turn, 400, 226);
                leaf(pen, 400, 228, 46, 0xd27a78);
                pen.close();
            }
            pen.oval(400, 222, 9, 8, SAFFRON);
        }
    }
}

fn hoop_v(pen: &mut Pen, x: i32, c: u32) {
    let mut d = String::from("M400 222C");
    for n in [400 + x * 3 / 2, 280, 400 + x * 3 / 2, 420, 400 + x, 484] {
        crate::path::push_int(&mut d, n);
        d.push(' ');
    }
    pen.stroke(&d, c, 4);
}

pub(crate) fn pot(pen: &mut Pen) {
    pen.paint(&[TERRACOTTA, CREAM, 0x3c7873, 0x8c8f8a, 0x35507f]);
    let c = pen.main;
    pen.ground(400, 644, 170);
    pen.solid("M236 616C240 640 310 658 400 658C490 658 560 640 564 616Z", mix(c, INK, 12), Shade::Cylinder);
    pen.oval(400, 616, 164, 25, mix(c, PAPER, 20));
    pen.oval(402, 618, 148, 19, mix(c, INK, 40));
    vessel(pen, 330);
    pen.oval(408, 340, 112, 14, mix(c, INK, 58));
}

pub(crate) fn seeds(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    let bloom = pen.one_of(SAFFRON, &[0xc65a4a, 0x8b7fa6, 0xd98aa0, 0xe8dcc0]);
    pen.ground(400, 642, 132);
    pen.turned(-3, 400, 640);
    pen.fill("M536 236L552 244V640L536 646Z", mix(CREAM, INK, 40));
    let packet = "M264 236H536V646H264Z";
    pen.fill(packet, mix(CREAM, PAPER, 40));
    pen.fill("M264 236H536V290H264Z", c);
    pen.fill("M264 596H536V646H264Z", c);
    pen.star(400, 263, 18, mix(c, pen.trim, 80));
    pen.stroke("M400 580C396 520 404 460 400 420", LEAF, 9);
    for (turn, y) in [(-58, 560), (56, 530), (-50, 500)] {
        pen.turned(turn, 400, y);
        leaf(pen, 400, y, 84, if turn < 0 { LEAF } else { mix(LEAF, INK, 26) });
        pen.close();
    }
    for i in 0..10 {
        pen.turned(i * 36, 400, 392);
        leaf(pen, 400, 384, 66, mix(bloom, INK, (i as u32 % 2) * 14));
        pen.close();
    }
    pen.ball(400, 392, 25, 25, mix(a, 0x5a3d28, 60));
    script(pen, 400, 614, 130);
    pen.shade(packet, Shade::Flat);
    pen.stroke("M264 250H536", mix(c, INK, 36), 3);
    pen.close();
}

pub(crate) fn watering_can(pen: &mut Pen) {
    let c = pen.main;
    pen.ground(400, 642, 190);
    pen.tube("M300 404C316 236 560 236 566 412", c, 18);
    pen.tube("M566 430C690 420 690 590 556 590", c, 18);
    pen.solid("M290 560C230 500 190 400 150 324L184 306C230 380 262 430 296 452Z", mix(c, INK, 6), Shade::Flat);
    pen.turned(-30, 164, 312);
    pen.solid("M134 322L112 276H216L194 322Z", c, Shade::Flat);
    pen.oval(164, 276, 54, 15, mix(c, PAPER, 40));
    for x in [132, 150, 168, 186] {
        pen.oval(x, 276, 4, 3, mix(c, INK, 60));
    }
    pen.close();
    let body = "M284 410L268 606C268 662 576 662 576 606L560 410Z";
    pen.fill(body, c);
    hoop(pen, 280, 564, 450, 34, mix(c, INK, 34), 5);
    hoop(pen, 270, 574, 588, 40, mix(c, INK, 34), 5);
    band(pen, Band { x0: 278, x1: 566, y: 516, sag: 38, n: 7, r: 22 }, mix(c, pen.trim, 78));
    pen.shade(body, Shade::Cylinder);
    pen.mouth(422, 410, 138, 31, c);
    pen.solid(
        "M284 410C284 372 350 378 424 380C424 410 420 440 420 440C340 440 284 432 284 410Z",
        mix(c, PAPER, 10),
        Shade::Flat,
    );
}

pub(crate) fn tool(pen: &mut Pen) {
    pen.paint(&[OAK, BEECH, WALNUT, 0xb5834e]);
    let c = pen.main;
    let fork = pen.is_first(&["fork", "rake"], &["trowel", "spade", "dibber", "sickle", "saw", "shears"]);
    pen.turned(-42, 400, 440);
    let head = if fork {
        "M60 366C140 360 200 366 250 400L330 424V446L250 470C200 504 140 510 60 504V486C130 488 170 484 196 466C150 458 110 450 56 444V426C110 420 150 412 196 404C170 386 130 382 60 384Z"
    } else {
        "M50 435C90 370 200 356 290 392L340 424V446L290 478C200 514 90 500 50 435Z"
    };
    let neck = "M324 424C380 420 420 420 460 416V454C420 450 380 450 324 446Z";
    let grip =
        "M450 402C520 396 560 412 620 408C680 404 730 400 740 435C730 470 680 466 620 462C560 458 520 474 450 468Z";
    pen.drop(head);
    pen.drop(grip);
    pen.solid(neck, mix(STEEL, INK, 30), Shade::Flat);
    pen.solid(head, mix(STEEL, INK, 12), Shade::Ball);
    if !fork {
        pen.stroke("M96 432C160 420 230 420 300 430", mix(STEEL, INK, 40), 6);
        pen.stroke("M110 410C160 390 220 388 270 400", mix(STEEL, 0xffffff, 60), 5);
    }
    pen.solid("M444 398H476V472H444Z", mix(STEEL, PAPER, 10), Shade::Flat);
    pen.solid(grip, c, Shade::Flat);
    pen.stroke("M490 412C540 412 570 424 620 420C660 416 690 414 712 420", mix(c, PAPER, 40), 5);
    pen.fill("M470 440H738C732 470 680 466 620 462C560 458 520 474 470 468Z", mix(c, INK, 24));
    pen.oval(714, 435, 9, 9, mix(c, INK, 70));
    pen.close();
}
