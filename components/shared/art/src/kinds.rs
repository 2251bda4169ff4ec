//! Which drawing each kind of product has. Kinds are slugs; several kinds may share a drawing.

use crate::Pen;
use crate::shapes::{
    bath, board_games, candles, ceramics, drums, garden, kitchen, lamps, leather, pantry, paper, parcel, strings, tea,
    textiles, toys, ware, writing,
};

type Draw = fn(&mut Pen);

/// Kind, drawing, and how large the drawing stands in the picture, in percent.
const DRAWINGS: &[(&str, Draw, i32)] = &[
    ("black-tea", tea::square_tin, 114),
    ("green-tea", tea::round_tin, 114),
    ("herbal-infusion", tea::pouch, 114),
    ("coffee", tea::coffee_bag, 114),
    ("coffee-pot", tea::coffee_pot, 109),
    ("ground-spice", pantry::spice_jar, 114),
    ("spice-blend", pantry::spice_tin, 118),
    ("honey", pantry::honey, 118),
    ("olive-oil", pantry::oil_bottle, 118),
    ("preserve", pantry::preserve, 114),
    ("sweets", pantry::sweets, 112),
    ("teapot", ceramics::teapot, 112),
    ("cup", ceramics::cup, 116),
    ("bowl", ceramics::bowl, 112),
    ("plate", ceramics::plate, 109),
    ("vase", ceramics::vase, 109),
    ("tile", ware::tile, 116),
    ("rug", textiles::rug, 104),
    ("blanket", textiles::blanket, 114),
    ("cushion", textiles::cushion, 116),
    ("scarf", textiles::scarf, 109),
    ("table-linen", textiles::linen, 118),
    ("lantern", lamps::lantern, 108),
    ("table-lamp", lamps::table_lamp, 112),
    ("pendant-lamp", lamps::pendant, 106),
    ("candle", candles::candle, 116),
    ("candle-holder", candles::holder, 108),
    ("bag", leather::bag, 109),
    ("wallet", leather::wallet, 114),
    ("belt", leather::belt, 104),
    ("slippers", leather::slippers, 102),
    ("basket", ware::basket, 112),
    ("knife", kitchen::knife, 104),
    ("chopping-board", kitchen::board, 109),
    ("pan", kitchen::pan, 100),
    ("mortar", kitchen::mortar, 109),
    ("wooden-spoon", kitchen::spoons, 109),
    ("mill", kitchen::mill, 118),
    ("notebook", paper::notebook, 114),
    ("pen", writing::pen, 109),
    ("ink", writing::ink, 118),
    ("letter-set", paper::letters, 109),
    ("print", paper::print, 109),
    ("soap", bath::soap, 112),
    ("bath-oil", bath::oil, 116),
    ("bath-salt", bath::salt, 116),
    ("towel", bath::towel, 109),
    ("brush", bath::brush, 109),
    ("house-plant", garden::plant, 112),
    ("plant-pot", garden::pot, 120),
    ("seeds", garden::seeds, 109),
    ("watering-can", garden::watering_can, 104),
    ("garden-tool", garden::tool, 109),
    ("board-game", board_games::backgammon, 110),
    ("chess-set", board_games::chess, 116),
    ("playing-cards", toys::cards, 108),
    ("puzzle", toys::puzzle, 116),
    ("spinning-top", toys::top, 109),
    ("hand-drum", drums::goblet, 109),
    ("frame-drum", drums::frame, 109),
    ("lute", strings::lute, 102),
    ("flute", strings::flute, 104),
    ("bell", drums::bell, 109),
];

/// The kinds that have a drawing of their own, as slugs.
pub const KINDS: &[&str] = &names();

const fn names() -> [&'static str; DRAWINGS.len()] {
    let mut out = [""; DRAWINGS.len()];
    let mut i = 0;
    while i < DRAWINGS.len() {
        #[allow(clippy::indexing_slicing)] // evaluated at compile time
        {
            out[i] = DRAWINGS[i].0;
        }
        i += 1;
    }
    out
}

/// Whether a kind (name or slug) has a drawing of its own, rather than the parcel.
pub fn has_drawing(kind: &str) -> bool {
    let slug = crate::slug(kind);
    DRAWINGS.iter().any(|(name, _, _)| *name == slug)
}

/// The drawing of a kind slug and its size in percent; the parcel for a kind that is not known.
pub(crate) fn drawing(slug: &str) -> (Draw, i32) {
    DRAWINGS.iter().find(|(name, _, _)| *name == slug).map_or((parcel::parcel, 112), |(_, draw, size)| (*draw, *size))
}
