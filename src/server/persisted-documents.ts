import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

const CHARACTERS_KEPT = 8_000_000;
/** What Apollo Server puts before the hash. */
const PREFIX = 'apq:';

/**
 * Texts of documents that clients send by their hash alone: automatic persisted queries. One place for Apollo Server and for
 * what answers without it, so that a document that one of them was sent is known to both.
 * @see https://www.apollographql.com/docs/apollo-server/performance/apq
 */
@Injectable()
export class PersistedDocuments {
  private readonly texts = new LRUCache<string, string>({
    maxSize: CHARACTERS_KEPT,
    sizeCalculation: (text, key) => text.length + key.length,
  });

  /** The text with a SHA-256, in hexadecimal; `null` for one that nobody has sent. */
  find(hash: string): string | null {
    return this.texts.get(PREFIX + hash) ?? null;
  }

  /** Keeps a text. Answers whether the hash is its own. */
  keep(hash: string, text: string): boolean {
    if (this.find(hash) === text) return true;
    if (createHash('sha256').update(text).digest('hex') !== hash) return false;
    this.texts.set(PREFIX + hash, text);
    return true;
  }

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.texts.get(key));
  }

  set(key: string, text: string): Promise<void> {
    this.texts.set(key, text);
    return Promise.resolve();
  }

  delete(key: string): Promise<boolean> {
    return Promise.resolve(this.texts.delete(key));
  }
}
