//! Colours: the palette of each category and the colour words a handle may contain.
//! Guarantees that every category, known or not, has a tint for the wall and five colours that sit together on it.

/// A colour as 0xRRGGBB.
pub(crate) type Rgb = u32;

pub(crate) const INK: Rgb = 0x262a35;
pub(crate) const PAPER: Rgb = 0xf8f1e4;
pub(crate) const CREAM: Rgb = 0xf1e6d0;
pub(crate) const SAFFRON: Rgb = 0xdc9a2c;
pub(crate) const TEAL: Rgb = 0x2b6f6a;
pub(crate) const BRICK: Rgb = 0xa94a33;
pub(crate) const SAGE: Rgb = 0x8ea385;
pub(crate) const PLUM: Rgb = 0x6d4059;
pub(crate) const INDIGO: Rgb = 0x35507f;
pub(crate) const ROSE: Rgb = 0xcf8f80;
pub(crate) const WALNUT: Rgb = 0x7a5236;
pub(crate) const OAK: Rgb = 0xc0935c;
pub(crate) const BEECH: Rgb = 0xd9b98a;
pub(crate) const OLIVE: Rgb = 0x747a45;
pub(crate) const LEAF: Rgb = 0x4f7d4e;
pub(crate) const TERRACOTTA: Rgb = 0xbd6a46;
pub(crate) const COPPER: Rgb = 0xc1703f;
pub(crate) const BRASS: Rgb = 0xc9a04c;
pub(crate) const IRON: Rgb = 0x4a4d54;
pub(crate) const STEEL: Rgb = 0xc3c8cb;
pub(crate) const STONE: Rgb = 0xb9b4a8;
pub(crate) const COGNAC: Rgb = 0xa9683b;
pub(crate) const OXBLOOD: Rgb = 0x7d3831;
pub(crate) const CELADON: Rgb = 0x93b7a3;
pub(crate) const COBALT: Rgb = 0x33598f;
pub(crate) const AMBER: Rgb = 0xd58a26;

/// The wall tint and the five colours of one category.
pub(crate) struct Palette {
    pub(crate) wall: Rgb,
    pub(crate) colours: [Rgb; 5],
}

/// The palette of a category slug; a neutral one when the category is unknown.
pub(crate) fn of_category(slug: &str) -> Palette {
    let (wall, colours) = match slug {
        "tea-coffee" => (0xcfd6bd, [TEAL, BRICK, INK, SAFFRON, OLIVE]),
        "spices-pantry" => (0xefd5a0, [BRICK, SAFFRON, OLIVE, OXBLOOD, TEAL]),
        "ceramics" => (0xc3d7d3, [COBALT, CELADON, CREAM, TERRACOTTA, TEAL]),
        "textiles" => (0xe9cdc0, [BRICK, INDIGO, SAFFRON, PLUM, SAGE]),
        "lamps-candles" => (0xcbbfc4, [BRASS, TEAL, BRICK, CREAM, PLUM]),
        "leather-baskets" => (0xe6d0ae, [COGNAC, WALNUT, 0xc9955d, OXBLOOD, INK]),
        "kitchen" => (0xd3d6c6, [OAK, COPPER, IRON, WALNUT, SAGE]),
        "paper-ink" => (0xc9d2df, [INK, BRICK, SAFFRON, TEAL, INDIGO]),
        "bath-soap" => (0xc7dfd4, [SAGE, ROSE, CREAM, CELADON, PLUM]),
        "garden" => (0xcfddb6, [TERRACOTTA, LEAF, CREAM, OLIVE, TEAL]),
        "games" => (0xdccbd6, [PLUM, SAFFRON, TEAL, BRICK, INDIGO]),
        "music" => (0xefcfb4, [WALNUT, BRICK, TEAL, SAFFRON, INDIGO]),
        _ => (0xe2d8c4, [TEAL, BRICK, SAFFRON, PLUM, INDIGO]),
    };
    Palette { wall, colours }
}

/// The colour that a word of a handle names, if it names one.
pub(crate) fn of_word(word: &str) -> Option<Rgb> {
    Some(match word {
        "black" | "charcoal" | "coal" | "midnight" => 0x33343b,
        "ink" | "night" | "slate" => 0x3a4456,
        "indigo" | "dusk" => INDIGO,
        "blue" | "cobalt" | "harbour" | "sea" => COBALT,
        "turquoise" | "lagoon" => 0x3f8f92,
        "teal" | "peacock" => TEAL,
        "sky" | "rain" | "mist" | "silver" => 0xaebcc4,
        "celadon" | "mint" | "eucalyptus" => CELADON,
        "sage" | "reed" | "thyme" => SAGE,
        "green" | "jade" | "emerald" | "fern" | "basil" | "laurel" | "cypress" => LEAF,
        "olive" | "moss" | "oregano" => OLIVE,
        "saffron" | "marigold" | "turmeric" | "sun" | "lemon" | "mustard" => SAFFRON,
        "ochre" | "amber" | "honey" | "apricot" | "orange" | "quince" => AMBER,
        "terracotta" | "clay" | "earth" => TERRACOTTA,
        "brick" | "rust" | "paprika" | "red" | "pomegranate" | "cherry" | "madder" | "rosehip" => BRICK,
        "rose" | "blush" | "coral" | "peach" => ROSE,
        "plum" | "fig" | "mulberry" | "sumac" | "beet" => PLUM,
        "lavender" | "violet" | "lilac" => 0x8b7fa6,
        "oxblood" | "burgundy" | "wine" | "carob" => OXBLOOD,
        "cognac" | "chestnut" | "tan" | "cinnamon" | "caramel" => COGNAC,
        "walnut" | "rosewood" | "wenge" | "cocoa" => WALNUT,
        "oak" | "cedar" | "pear" | "pearwood" | "olivewood" | "applewood" | "mahogany" => 0xb5834e,
        "beech" | "ash" | "maple" | "birch" | "bamboo" | "willow" | "straw" | "palm" | "sand" | "spruce" => BEECH,
        "copper" => COPPER,
        "brass" | "gold" | "golden" | "bronze" => BRASS,
        "iron" | "steel" | "carbon" => IRON,
        "marble" | "granite" | "basalt" | "stone" => STONE,
        "ivory" | "cream" | "natural" | "almond" | "vanilla" => CREAM,
        "white" | "snow" | "chalk" | "pearl" => 0xf4efe6,
        _ => return None,
    })
}

/// `percent` of `b` in `a`.
pub(crate) fn mix(a: Rgb, b: Rgb, percent: u32) -> Rgb {
    let part = |shift: u32| {
        let (x, y) = ((a >> shift) & 255, (b >> shift) & 255);
        ((x * (100 - percent) + y * percent) / 100) << shift
    };
    part(16) | part(8) | part(0)
}

/// Whether dark ornament reads better on this colour than light ornament.
pub(crate) fn is_light(c: Rgb) -> bool {
    ((c >> 16) & 255) * 3 + ((c >> 8) & 255) * 6 + (c & 255) > 1650
}
