/** Where the process runs; production switches every development convenience off. */
export type Mode = 'development' | 'production' | 'test';

/** One environment variable: what it is for, what it accepts and what holds when it is absent. */
export interface Setting<T> {
  /** Name of the environment variable. */
  env: string;
  /** One line for `.env.example`. */
  about: string;
  /** What a right value looks like, for the error message. */
  expects: string;
  /** Its value never appears in a message. */
  secret?: true;
  /** The typed value, or `undefined` when the text is not acceptable. */
  parse(text: string): T | undefined;
  /** The value when the variable is absent or empty; `undefined` means it must be given. */
  fallback(mode: Mode): T | undefined;
}

type Described = Pick<Setting<unknown>, 'env' | 'about'>;

/** A whole number within bounds, both inclusive. */
export function integer(of: Described, bounds: { min: number; max: number; fallback: number }): Setting<number> {
  const { min, max } = bounds;
  return {
    ...of,
    expects: `a whole number from ${min} to ${max}`,
    parse: (given) => {
      const value = Number(given);
      return /^\d{1,15}$/.test(given) && value >= min && value <= max ? value : undefined;
    },
    fallback: () => bounds.fallback,
  };
}

/** A whole number within bounds, both inclusive, or the word `auto`. */
export function integerOrAuto(
  of: Described,
  bounds: { min: number; max: number; fallback: number },
): Setting<number | 'auto'> {
  const number = integer(of, bounds);
  return {
    ...number,
    expects: `${number.expects}, or auto`,
    parse: (given) => (given === 'auto' ? given : number.parse(given)),
  };
}

/** One of a few words. */
export function choice<T extends string>(of: Described, words: readonly T[], fallback: (mode: Mode) => T): Setting<T> {
  return {
    ...of,
    expects: `one of ${words.join(', ')}`,
    parse: (given) => words.find((word) => word === given),
    fallback,
  };
}

/** Free text that passes a test. */
export function text(
  of: Described & { expects: string; secret?: true },
  accepts: (text: string) => boolean,
  fallback: (mode: Mode) => string | undefined,
): Setting<string> {
  return { ...of, parse: (value) => (accepts(value) ? value : undefined), fallback };
}

/** Makes a setting that may be absent: then its value is `null`. */
export function optional<T>(setting: Setting<T>, required: (mode: Mode) => boolean = () => false): Setting<T | null> {
  return { ...setting, fallback: (mode) => (required(mode) ? undefined : null) };
}
