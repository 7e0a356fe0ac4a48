import { ALL_PARTS, namesOf, partsOf } from '../plans/made-from.js';

/** What has changed: answers that are made from any of these parts of the thing are not right any more. */
export interface Drop {
  /** Such as `product:` and its UUID, or the name of a list. */
  thing: string;
  parts: number;
  /** Only answers to people who work for the shop may show it. */
  staffOnly?: boolean;
}

/** A drop on its way to another process, which may number parts otherwise. */
export type SentDrop = [thing: string, parts: readonly string[] | '*', staffOnly: boolean];

/** A drop to be sent. */
export function toSent({ thing, parts, staffOnly }: Drop): SentDrop {
  return [thing, parts === ALL_PARTS ? '*' : namesOf(parts), staffOnly ?? false];
}

/** A drop that was sent. */
export function fromSent([thing, parts, staffOnly]: SentDrop): Drop {
  return { thing, parts: parts === '*' ? ALL_PARTS : partsOf(parts), staffOnly };
}
