import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row of `idempotency_keys`: a change that was made, and what its transaction answered. */
@Entity('idempotency_keys')
export class IdempotencyKeyEntity {
  /** SHA-256 over who asked and their key. */
  @PrimaryColumn('bytea', { name: 'key_hash' })
  keyHash: Buffer;

  /** Tells operation and input, but only to who has the key and the secret of the server. */
  @Column('bytea')
  fingerprint: Buffer;

  /** Encrypted; `null` only inside the transaction that makes the change. */
  @Column('bytea', { nullable: true })
  answer: Buffer | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
