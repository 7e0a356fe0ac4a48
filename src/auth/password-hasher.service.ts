import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Unavailable } from '../errors/request-errors.js';

/**
 * Argon2id, the algorithm that the library takes by default: 19 MiB, two passes, one lane.
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Each one takes a core and 19 MiB; what else the server does needs them too. */
const AT_ONCE = 2;
/** About a second's work. */
const MOST_WAITING = 50;

/** Makes and checks password hashes, a few at a time. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private computed = 0;
  private decoy: string;

  async onModuleInit(): Promise<void> {
    this.decoy = await this.hash(randomBytes(16).toString('hex'));
  }

  /** How many hashes were computed since the start, to make or to check one. */
  get computations(): number {
    return this.computed;
  }

  /**
   * The hash to keep, in the PHC string format with a salt of its own.
   * @throws Unavailable when too many are waiting already
   */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(sameCharacters(password), COST));
  }

  /**
   * Whether the password is the one that was hashed. Without a hash the answer is no and costs the same,
   * so that the time does not tell whether there is such an account.
   * @throws Unavailable when too many are waiting already
   */
  async verify(password: string, passwordHash: string | null): Promise<boolean> {
    const matches = await this.inTurn(() => verify(passwordHash ?? this.decoy, sameCharacters(password)));
    return matches && passwordHash !== null;
  }

  private async inTurn<T>(compute: () => Promise<T>): Promise<T> {
    if (this.running < AT_ONCE) this.running += 1;
    else await this.turn();
    this.computed += 1;
    try {
      return await compute();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= MOST_WAITING)
      throw new Unavailable('Too many people are signing in. Try again in a moment.');
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

/** One keyboard composes an accented letter where another sends two characters. */
function sameCharacters(password: string): string {
  return password.normalize('NFKC');
}
