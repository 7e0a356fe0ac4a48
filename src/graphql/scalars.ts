import { GraphQLError, GraphQLScalarType, Kind, type GraphQLScalarTypeConfig, type ValueNode } from 'graphql';
import { GraphQLCountryCode, GraphQLDateTimeISO, GraphQLEmailAddress } from 'graphql-scalars';
import { isCurrencyCode } from '../money/currency.js';
import { DECIMAL } from '../money/money.js';

/** A scalar that is a string on the wire and in memory, accepted when it passes a test. */
function textScalar(options: {
  name: string;
  description: string;
  specifiedByURL?: string;
  expects: string;
  accepts: (text: string) => boolean;
}): GraphQLScalarType<string, string> {
  const read = (value: unknown): string => {
    if (typeof value === 'string' && options.accepts(value)) return value;
    throw new GraphQLError(`expected ${options.expects}`);
  };
  return new GraphQLScalarType({
    name: options.name,
    description: options.description,
    specifiedByURL: options.specifiedByURL,
    serialize: (value) => String(value),
    parseValue: read,
    parseLiteral: (node: ValueNode) => read(node.kind === Kind.STRING ? node.value : undefined),
  });
}

/** An exact decimal number, a string on the wire: `"12.50"`. */
export const Decimal = textScalar({
  name: 'Decimal',
  description:
    'An exact decimal number as a string, such as "12.50": up to 15 digits before and after the point, no exponent.',
  specifiedByURL: 'https://www.w3.org/TR/xmlschema-2/#decimal',
  expects: 'a decimal number as a string, such as "12.50"',
  accepts: (text) => DECIMAL.test(text),
});

/** ISO 4217 currency code. */
export const CurrencyCode = textScalar({
  name: 'CurrencyCode',
  description: 'Three-letter currency code of ISO 4217, such as "EUR".',
  specifiedByURL: 'https://www.iso.org/iso-4217-currency-codes.html',
  expects: 'an ISO 4217 currency code, such as "EUR"',
  accepts: isCurrencyCode,
});

/** Opaque position in a list or stream. */
export const Cursor = textScalar({
  name: 'Cursor',
  description:
    'Opaque position in a list or in the stream of events. Only pass back what you were given: another text is CURSOR_INVALID.',
  specifiedByURL: 'https://relay.dev/graphql/connections.htm#sec-Cursor',
  expects: 'a cursor',
  accepts: (text) => text.length <= 1_000,
});

/** RFC 3339 instants, UTC on the way out. */
export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  description: 'An instant in RFC 3339 format, in UTC, with milliseconds: "2026-11-22T17:40:00.000Z".',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
});

/** An e-mail address. */
export const EmailAddress = new GraphQLScalarType({
  ...GraphQLEmailAddress.toConfig(),
  description: 'An e-mail address, such as "ada@example.com".',
});

/** An absolute http or https URL. */
export const Url = textScalar({
  name: 'URL',
  description: 'An absolute http or https URL of at most 2000 characters, such as "https://shop.example/lamp.jpg".',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  expects: 'an absolute http or https URL',
  accepts: (text) => text.length <= 2_000 && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
});

/** ISO 3166-1 alpha-2 country code. */
export const CountryCode = new GraphQLScalarType<string, string>({
  ...(GraphQLCountryCode.toConfig() as GraphQLScalarTypeConfig<string, string>),
  parseValue: (value) => GraphQLCountryCode.parseValue(value).toUpperCase(),
  parseLiteral: (node) => GraphQLCountryCode.parseLiteral(node).toUpperCase(),
  description: 'Two-letter country code of ISO 3166-1, such as "GB".',
  specifiedByURL: 'https://www.iso.org/iso-3166-country-codes.html',
});
