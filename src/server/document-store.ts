import type { DocumentNode } from 'graphql';

/**
 * Parsed and validated documents by the hash of their text: the most recently used ones, a fixed number of them.
 * Apollo's own store bounds the size of syntax trees only by estimate and lets unique large documents fill the memory.
 */
export class DocumentStore {
  private readonly documents = new Map<string, DocumentNode>();

  constructor(private readonly size: number) {}

  get(key: string): Promise<DocumentNode | undefined> {
    const document = this.documents.get(key);
    if (document) {
      // A Map keeps the order of insertion: reinserting moves the document to the young end.
      this.documents.delete(key);
      this.documents.set(key, document);
    }
    return Promise.resolve(document);
  }

  set(key: string, document: DocumentNode): Promise<void> {
    this.documents.set(key, document);
    if (this.documents.size > this.size) {
      const [oldest] = this.documents.keys();
      if (oldest !== undefined) this.documents.delete(oldest);
    }
    return Promise.resolve();
  }

  delete(key: string): Promise<boolean> {
    return Promise.resolve(this.documents.delete(key));
  }
}
