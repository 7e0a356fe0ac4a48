import { ProductExportService } from '../imports/product-export.service.js';
import { startProgress } from './progress.js';
import { withShop } from './session.js';

/** Writes all products into a file. */
export async function exportProducts(file: string): Promise<void> {
  const { rows, products, leftOut, seconds } = await withShop(async (shop) => {
    const progress = startProgress();
    try {
      return await shop.get(ProductExportService).run(file, (now) => progress.show(now));
    } finally {
      progress.stop();
    }
  });
  if (leftOut > 0) console.error(`Left out: products without a variant (${leftOut}).`);
  console.log(`${rows} rows (${products} products) in ${seconds.toFixed(1)} s: ${file}`);
}
