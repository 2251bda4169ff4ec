//! Light: lantern, table lamp, pendant.

use super::ornament::{Band, band, hoop};
use crate::palette::{AMBER, BRASS, COPPER, CREAM, INK, IRON, PAPER, STEEL, mix};
use crate::{Pen, Shade};

const WARM: u32 = 0xffdf94;

pub(crate) fn lantern(pen: &mut Pen) {
    pen.paint(&[BRASS, IRON, COPPER, STEEL]);
    let c = pen.main;
    let glass = pen.one_of(AMBER, &[0xc65a3a, 0x3f8f92, 0x6f9a62, 0xe0b252]);
    pen.ground(400, 642, 140);
    pen.stroke("M400 236C352 226 356 162 400 160C444 162 448 226 400 236", mix(c, INK, 30), 12);
    let body = "M288 398H512L540 606H260Z";
    pen.fill(body, c);
    let panes = ["M346 416H454L464 590H336Z", "M300 416H330L316 590H278Z", "M470 416H500L522 590H484Z"];
    for (i, d) in panes.into_iter().enumerate() {
        pen.fill(d, mix(glass, if i == 0 { WARM } else { INK }, if i == 0 { 42 } else { 10 }));
    }
    pen.glow(400, 520, 150);
    pen.oval(400, 530, 12, 26, 0xfff6d8);
    let dark = mix(c, INK, 34);
    pen.stroke("M346 503L400 416L454 503L400 590ZM340 503H460M400 416V590", dark, 5);
    pen.star(400, 503, 30, dark);
    pen.oval(400, 503, 13, 13, 0xfff1c0);
    pen.stroke("M315 416L289 590M485 416L511 590M294 503H323M477 503H508", dark, 4);
    pen.shade(body, Shade::Cylinder);
    let base = "M248 602H552L566 630C540 648 260 648 234 630Z";
    pen.solid(base, c, Shade::Cylinder);
    let roof = "M264 400C320 376 330 300 384 262H416C470 300 480 376 536 400C500 414 300 414 264 400Z";
    pen.solid(roof, c, Shade::Ball);
    let holes = [(346, 366), (400, 374), (454, 366), (372, 320), (428, 320)];
    pen.stars(&holes, 13, mix(c, INK, 62));
    pen.dots(&holes, 10, WARM);
    pen.solid("M376 240H424L430 268H370Z", mix(c, INK, 10), Shade::Cylinder);
}

pub(crate) fn table_lamp(pen: &mut Pen) {
    let (c, t) = (pen.main, pen.trim);
    let shade = mix(CREAM, pen.alt, if pen.pick(2) == 0 { 8 } else { 62 });
    pen.ground(400, 642, 110);
    pen.solid("M330 630C330 616 470 616 470 630L478 644C440 654 360 654 322 644Z", mix(c, INK, 30), Shade::Cylinder);
    let foot = match pen.pick(3) {
        0 => {
            "M384 400C384 440 306 452 306 530C306 590 346 612 352 630H448C454 612 494 590 494 530C494 452 416 440 416 400Z"
        }
        1 => {
            "M380 400C372 450 356 470 344 520C330 580 336 612 342 630H458C464 612 470 580 456 520C444 470 428 450 420 400Z"
        }
        _ => {
            "M386 400C386 430 340 432 340 470C340 506 384 500 384 520C384 540 316 544 316 588C316 612 330 622 340 630H460C470 622 484 612 484 588C484 544 416 540 416 520C416 500 460 506 460 470C460 432 414 430 414 400Z"
        }
    };
    pen.fill(foot, c);
    pen.clipped(foot);
    band(pen, Band { x0: 308, x1: 492, y: 558, sag: 18, n: 6, r: 19 }, mix(c, t, 82));
    hoop(pen, 306, 494, 600, 16, mix(c, t, 70), 5);
    pen.close();
    pen.shade(foot, Shade::Cylinder);
    pen.fill("M388 372H412V414H388Z", BRASS);
    pen.glow(400, 340, 320);
    let d = "M320 186H480L566 386C500 412 300 412 234 386Z";
    pen.fill(d, shade);
    pen.shade(d, Shade::Cylinder);
    pen.clipped(d);
    pen.glow(388, 350, 190);
    pen.close();
    hoop(pen, 237, 563, 382, 19, mix(shade, INK, 28), 6);
    pen.oval(400, 186, 80, 13, mix(shade, INK, 30));
    pen.oval(400, 189, 70, 9, 0xfff3cf);
}

pub(crate) fn pendant(pen: &mut Pen) {
    pen.paint(&[BRASS, COPPER, CREAM, IRON]);
    let c = pen.main;
    pen.ground(366, 668, 130);
    pen.stroke("M400 -60V190", INK, 7);
    pen.solid("M380 178H420L430 226H370Z", mix(BRASS, INK, 14), Shade::Cylinder);
    pen.glow(400, 470, 300);
    match pen.is_first(&["globe", "float", "pierced"], &["dome", "shade", "bell", "drum"]) {
        true => {
            let globe = "M220 380C220 280 300 220 400 220C500 220 580 280 580 380C580 480 500 548 400 548C300 548 220 480 220 380Z";
            pen.fill(globe, c);
            for (y, n, r) in [(276, 4, 15), (326, 6, 18), (384, 7, 20), (442, 6, 18), (494, 4, 15)] {
                let row: Vec<_> = (0..n).map(|i| (400 - n * 23 + 23 * (2 * i + 1), y)).collect();
                pen.stars(&row, r, mix(c, INK, 50));
                pen.stars(&row, r - 4, WARM);
            }
            pen.shade(globe, Shade::Ball);
            pen.oval(400, 540, 52, 10, mix(c, INK, 40));
        }
        false => {
            let inside = "M196 470C260 520 540 520 604 470C540 440 260 440 196 470Z";
            let dome = "M372 222C260 250 204 350 196 470C260 520 540 520 604 470C596 350 540 250 428 222Z";
            pen.fill(dome, c);
            for y in [300, 420] {
                hoop(pen, 400 - (y - 150) * 2 / 3, 400 + (y - 150) * 2 / 3, y, 34, mix(c, INK, 30), 4);
            }
            band(pen, Band { x0: 236, x1: 564, y: 368, sag: 42, n: 8, r: 19 }, mix(c, INK, 52));
            pen.shade(dome, Shade::Ball);
            pen.fill(inside, mix(c, INK, 44));
            pen.oval(400, 479, 188, 27, mix(AMBER, PAPER, 34));
            pen.glow(400, 484, 120);
            pen.ball(400, 488, 40, 34, 0xfff0c2);
        }
    }
}
