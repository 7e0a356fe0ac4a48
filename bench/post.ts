import { request, type Agent } from 'node:http';

const ANSWER_MS = 30_000;

/** Where an operation goes, over which connections, and who sends it. */
export interface Post {
  url: string;
  agent: Agent;
  token?: string;
  /** Longest wait for the answer, milliseconds; 30 s without it. */
  timeoutMs?: number;
}

/** Sends one operation and answers what the server says. @throws Error when no whole answer comes in time */
export function post<Answer>({ url, agent, token, timeoutMs = ANSWER_MS }: Post, body: object): Promise<Answer> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const sent = request(url, { agent, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString()) as Answer);
        } catch (error) {
          reject(error);
        }
      });
    });
    sent.setTimeout(timeoutMs, () => sent.destroy(new Error(`No answer in ${timeoutMs} ms.`)));
    sent.on('error', reject);
    sent.end(text);
  });
}
