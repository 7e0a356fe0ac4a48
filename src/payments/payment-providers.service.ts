import { Inject, Injectable, Logger } from '@nestjs/common';
import { Config, ConfigError } from '../config/config.js';
import type { PaymentProvider } from './payment-provider.js';
import { PaymentMethodUnavailable } from './payments.errors.js';

/** Injection token of every provider that there is, offered or not. */
export const ALL_PROVIDERS = Symbol('payment providers');

/** Which providers there are, and how patiently they are asked. */
@Injectable()
export class PaymentProviders {
  /** Names that customers may choose, in the order of the configuration. */
  readonly offered: readonly string[];
  private readonly byName: ReadonlyMap<string, PaymentProvider>;

  /** @throws ConfigError when the configuration names a provider that does not exist; the server does not start then */
  constructor(
    private readonly config: Config,
    @Inject(ALL_PROVIDERS) all: readonly PaymentProvider[],
  ) {
    this.offered = [...new Set(config.paymentProviders.split(','))];
    this.byName = new Map(
      all
        .filter((provider) => !provider.pretends || this.offered.includes(provider.name))
        .map((provider) => [provider.name, provider]),
    );
    const unknown = this.offered.filter((name) => !this.byName.has(name));
    if (unknown.length > 0) {
      const known = all.map(({ name }) => name).join(', ');
      throw new ConfigError([`PAYMENT_PROVIDERS: expected some of ${known}, given ${unknown.join(', ')}`]);
    }
    const pretending = this.offered.filter((name) => this.byName.get(name)?.pretends);
    if (config.mode === 'production' && pretending.length > 0) {
      new Logger(PaymentProviders.name).warn(`Payments by ${pretending.join(', ')} move no money.`);
    }
  }

  /** Seconds after which somebody else may ask in the place of whoever asks now. */
  get leaseSeconds(): number {
    return this.config.paymentTimeoutSeconds + 5;
  }

  /** A provider for a new payment. @throws PaymentMethodUnavailable */
  choose(name: string): PaymentProvider {
    if (!this.offered.includes(name)) throw new PaymentMethodUnavailable(name);
    return this.named(name);
  }

  /** A provider of payments that exist, also when it is not offered any more. @throws PaymentMethodUnavailable */
  named(name: string): PaymentProvider {
    const provider = this.byName.get(name);
    if (!provider) throw new PaymentMethodUnavailable(name);
    return provider;
  }

  /** Calls a provider and waits as long as the configuration allows, or until `stop`. @throws whatever ended the waiting */
  async ask<T>(call: (signal: AbortSignal) => Promise<T>, stop?: AbortSignal): Promise<T> {
    const timeout = AbortSignal.timeout(this.config.paymentTimeoutSeconds * 1_000);
    const signal = stop ? AbortSignal.any([timeout, stop]) : timeout;
    signal.throwIfAborted();
    // A provider that does not heed the signal must not keep anybody waiting.
    const given = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    return Promise.race([call(signal), given]);
  }
}
