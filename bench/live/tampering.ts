/** What may be done to one delivery between the wire and the notes of it, to see whether the checker finds it. */
export type Fault = 'drop' | 'double' | 'swap';

/** Notes that a subscriber has received an event at a moment. */
export type Note = (subscriber: number, event: number, at: number) => void;

const VICTIM = 0;
const DELIVERY = 5;

/** Notes like the given one, with a fault at the fifth delivery of the first subscriber. */
export function tampering(fault: Fault, note: Note): Note {
  let deliveries = 0;
  let held: (() => void) | null = null;
  return (subscriber, event, at) => {
    const isIt = subscriber === VICTIM && (deliveries += 1) === DELIVERY;
    const again = (): void => note(subscriber, event, at);
    if (isIt && fault === 'swap') held = again;
    if (isIt && fault !== 'double') return;
    again();
    if (isIt) again();
    if (subscriber !== VICTIM || !held) return;
    // Its successor has gone first.
    held();
    held = null;
  };
}
