// The picture that stands for each category: the same one everywhere, without asking for its products first.
const pictures: Record<string, string> = {
  "tea-coffee": "coffee-pot/brass-coffee-pot",
  "spices-pantry": "honey/mountain-honey",
  ceramics: "vase/cobalt-vase",
  textiles: "cushion/saffron-cushion",
  "lamps-candles": "table-lamp/evening-lamp",
  "leather-baskets": "basket/market-basket",
  kitchen: "mill/walnut-mill",
  "paper-ink": "ink/oxblood-ink",
  "bath-soap": "soap/harbour-soap",
  garden: "watering-can/copper-watering-can",
  games: "chess-set/travelling-chess",
  music: "lute/rosewood-lute",
};

/** The address of a category's picture. */
export function stallPicture(slug: string): string {
  return `/api/catalog/media/${slug}/${pictures[slug] ?? "parcel/parcel"}.svg`;
}
