//! The hand-written sources of the demo shop, compiled in.

/// One file for each category, in the order in which the shop shows them.
pub(crate) const SHELVES: [&str; 12] = [
    include_str!("../../../demo/catalogue/tea-coffee.txt"),
    include_str!("../../../demo/catalogue/spices-pantry.txt"),
    include_str!("../../../demo/catalogue/ceramics.txt"),
    include_str!("../../../demo/catalogue/textiles.txt"),
    include_str!("../../../demo/catalogue/lamps-candles.txt"),
    include_str!("../../../demo/catalogue/leather-baskets.txt"),
    include_str!("../../../demo/catalogue/kitchen.txt"),
    include_str!("../../../demo/catalogue/paper-ink.txt"),
    include_str!("../../../demo/catalogue/bath-soap.txt"),
    include_str!("../../../demo/catalogue/garden.txt"),
    include_str!("../../../demo/catalogue/games.txt"),
    include_str!("../../../demo/catalogue/music.txt"),
];

/// The vocabulary from which further products are named and described.
pub(crate) const SERIES: &str = include_str!("../../../demo/catalogue/series.txt");
