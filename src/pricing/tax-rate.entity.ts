import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row of `tax_rates`: how one country taxes, or every country without a row of its own. */
@Entity('tax_rates')
export class TaxRateEntity {
  @PrimaryColumn('text')
  country: string;

  @Column('text')
  name: string;

  @Column('boolean', { name: 'prices_include_tax' })
  pricesIncludeTax: boolean;

  @Column('integer', { name: 'standard_bp' })
  standardBp: number;

  @Column('integer', { name: 'reduced_bp' })
  reducedBp: number;
}
