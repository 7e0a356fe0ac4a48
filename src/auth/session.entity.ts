import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One row of `sessions`: somebody who stays signed in on one device. Gone when revoked. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** Moves on with every refresh. */
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
