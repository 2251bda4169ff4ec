//! Tiles and baskets: surfaces made of a repeated motif.

use super::ornament::hoop;
use crate::palette::{BEECH, CREAM, INK, PAPER, mix};
use crate::{Pen, Shade};

pub(crate) fn tile(pen: &mut Pen) {
    let (c, a) = (pen.main, pen.alt);
    let t = mix(c, pen.trim, 90);
    pen.ground(410, 642, 190);
    pen.fill("M300 268H610V578H300Z", mix(a, INK, 24));
    pen.fill("M308 276H602V570H308Z", mix(a, PAPER, 16));
    pen.fill("M540 332L558 324V628L540 642Z", mix(c, INK, 50));
    pen.fill("M230 332L248 324H558L540 332Z", mix(c, PAPER, 50));
    let face = "M230 332H540V642H230Z";
    pen.fill(face, c);
    pen.clipped(face);
    for (x, y) in [(230, 332), (540, 332), (230, 642), (540, 642)] {
        pen.star(x, y, 92, t);
        pen.star(x, y, 66, mix(a, c, 10));
        pen.star(x, y, 34, t);
    }
    pen.star(385, 487, 128, t);
    pen.star(385, 487, 104, c);
    pen.star(385, 487, 84, mix(a, c, 10));
    pen.star(385, 487, 54, t);
    pen.star(385, 487, 26, c);
    for (x, y) in [(385, 340), (385, 634), (238, 487), (532, 487)] {
        pen.oval(x, y, 20, 20, t);
    }
    pen.close();
    pen.shade(face, Shade::Flat);
    pen.stroke("M236 338H534", mix(c, PAPER, 55), 3);
}

pub(crate) fn basket(pen: &mut Pen) {
    pen.paint(&[BEECH, 0xc9a56b, 0xb88f5a, 0xdcc49a]);
    let (c, band) = (pen.main, pen.alt);
    pen.ground(400, 642, 170);
    pen.tube("M276 420C286 196 514 196 524 420", mix(c, INK, 10), 22);
    let body = "M214 410C222 500 244 590 262 628C300 656 500 656 538 628C556 590 578 500 586 410Z";
    pen.fill(body, mix(c, INK, 26));
    pen.clipped(body);
    for row in 0..11 {
        let (y, inset) = (412 + row * 22, row * 5);
        let tone = if row == 3 || row == 4 { band } else { c };
        pen.weave(206 + inset, 594 - inset, y, 36, tone, row % 2 == 0);
    }
    pen.close();
    pen.shade(body, Shade::Cylinder);
    pen.mouth(400, 410, 188, 40, c);
    hoop(pen, 214, 586, 412, 38, mix(c, INK, 12), 15);
    hoop(pen, 216, 584, 408, 38, mix(c, CREAM, 40), 5);
}
