const split = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What things are called; searched for. */
export const NOUNS = split(`
  Kettle Lantern Basket Blanket Mirror Teapot Cushion Candle Ladder Bucket Hammer Drawer Curtain Bottle Wallet Saddle
  Compass Helmet Jacket Sweater Sandal Scarf Mitten Trumpet Guitar Puzzle Marble Pencil Notebook Folder Shovel Trowel
  Planter Hammock Cooler Griddle Skillet Spatula Whisk Grater`);
/** What things are made of. */
export const MATERIALS = split(`
  Copper Walnut Linen Cotton Marble Steel Bamboo Leather Ceramic Granite Velvet Wool Maple Brass Rattan Cork Glass Slate
  Canvas Felt`);
/** How things are. */
export const MANNERS = split(`
  Quiet Bright Gentle Rugged Slender Hearty Nimble Plain Noble Rustic Modern Classic Humble Lively Golden Silver Little
  Grand Fancy Clever`);
/** Colours. */
export const COLOURS = split('Red Blue Green Yellow Black White Grey Brown Purple Orange');
/** Who makes things. */
export const BRANDS = split(
  'Aldwin Brightwater Corvane Dunmore Eastfold Fenwick Garrow Holloway Ivory Juniper Kestrel Lorne',
);
/** What descriptions are made of. */
export const SENTENCES: readonly string[] = [
  'Made by hand in a small workshop that has done nothing else for three generations.',
  'It keeps its shape after years of daily use, and any part of it can be replaced.',
  'Packed in recycled paper, without plastic, and delivered to the door within days.',
  'A present for people who have everything, or the first thing for an empty room.',
  'Easy to clean with warm water and a drop of soap; let it dry in the shade.',
  'Our buyers chose it among forty samples, for its weight and for its quiet finish.',
  'The seams are doubled and the edges rounded, so that nothing catches or scratches.',
  'Every piece differs a little from the next one, which is how you know its origin.',
];
