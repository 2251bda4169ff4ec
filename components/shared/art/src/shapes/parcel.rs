//! What is drawn when nothing else is known: a parcel in wrapping paper, tied and sealed.

use crate::palette::{BEECH, BRICK, INK, OAK, PAPER, mix};
use crate::{Pen, Shade};

pub(crate) fn parcel(pen: &mut Pen) {
    let cord = pen.main;
    let paper = mix(OAK, BEECH, 55);
    pen.ground(400, 642, 214);
    pen.fill("M540 400L630 352V588L540 642Z", mix(paper, INK, 34));
    let front = "M196 400H540V642H196Z";
    pen.solid(front, paper, Shade::Flat);
    let top = "M196 400L290 352H630L540 400Z";
    pen.solid(top, mix(paper, PAPER, 34), Shade::Flat);
    pen.fill("M336 400H364V642H336Z", cord);
    pen.fill("M336 400L430 352H458L364 400Z", mix(cord, PAPER, 26));
    pen.fill("M196 508H540V534H196Z", cord);
    pen.fill("M540 508L630 458V484L540 534Z", mix(cord, INK, 36));
    pen.fill("M336 530H364V538H336Z", mix(cord, INK, 30));
    pen.tube("M386 374C300 300 296 372 392 376", cord, 17);
    pen.tube("M398 374C470 296 500 362 394 376", cord, 17);
    pen.ball(393, 374, 19, 13, mix(cord, INK, 8));
    pen.ball(350, 521, 34, 33, BRICK);
    pen.star(350, 520, 19, mix(BRICK, PAPER, 40));
}
