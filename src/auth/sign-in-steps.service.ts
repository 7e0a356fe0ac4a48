import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';

/** Somebody has signed in or up, and what they bring along. */
export interface SignIn {
  userId: string;
  /** UUID of the cart that they filled as a guest, as the client says; `null` when there is none. */
  cartId: string | null;
}

/** What belongs to signing in, inside its transaction. What it throws, except a conflict that is tried again, fails the sign-in. */
export type SignInStep = (tx: Tx, signIn: SignIn) => Promise<void>;

/** Where rooms to the right of this one tell what else belongs to signing in; it cannot call them by name. */
@Injectable()
export class SignInSteps {
  private readonly steps: SignInStep[] = [];

  register(step: SignInStep): void {
    this.steps.push(step);
  }

  /** Takes the steps one after the other, in the order in which they were registered. */
  async take(tx: Tx, signIn: SignIn): Promise<void> {
    for (const step of this.steps) await step(tx, signIn);
  }
}
