import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { Public } from '../access/access.decorators.js';
import type { ShopContext } from '../graphql/context.js';
import type { Connection } from '../graphql/page.js';
import { Product, ProductConnection, type ProductRow } from '../products/product.type.js';
import { sightOf } from '../products/products.loaders.js';
import { ProductsArgs, SearchArgs, SuggestionsArgs } from './catalogue.inputs.js';
import { CatalogueService } from './catalogue.service.js';
import { ProductSearchConnection, SearchSuggestion } from './search.type.js';

@Resolver(() => Product)
export class CatalogueResolver {
  constructor(private readonly catalogue: CatalogueService) {}

  @Public()
  @Query(() => ProductConnection, {
    description: 'Products, newest first unless sorted otherwise. Others than staff see ACTIVE ones only.',
  })
  products(@Args() args: ProductsArgs, @Context() context: ShopContext): Promise<Connection<ProductRow>> {
    return this.catalogue.list(args, sightOf(context));
  }

  @Public()
  @Query(() => ProductSearchConnection, {
    description: 'Products that fit a text, what fits best first, with what they can be narrowed to.',
  })
  search(@Args() args: SearchArgs, @Context() context: ShopContext): Promise<Connection<ProductRow>> {
    return this.catalogue.search(args, sightOf(context));
  }

  @Public()
  @Query(() => [SearchSuggestion], { description: 'What somebody who types may be looking for, most likely first.' })
  async searchSuggestions(@Args() args: SuggestionsArgs): Promise<SearchSuggestion[]> {
    const products = await this.catalogue.suggest(args);
    return products.map((product) => ({ text: product.name, product }));
  }
}
