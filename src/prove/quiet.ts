import { equal, none, type Round } from './round.js';

const ERRORS_SHOWN = 5;

/** What no round may have caused; comes after them. */
export const quiet: Round = {
  name: 'quiet',
  title: 'No deadlock, no fault',
  promise: 'Nobody ever waits in a circle, and no buyer is answered INTERNAL_SERVER_ERROR.',
  async run({ client, scratch, servers }) {
    const [counted, reports] = [await scratch.deadlocks(), scratch.deadlockReports()];
    // The counter goes with a killed server, perhaps with its last moments; the log stays.
    const deadlocks = Math.max(counted, reports.length);
    const circles = reports.slice(0, 2).map((report) => ({ report }));
    const errors = servers.flatMap(({ log }) => log.filter((line) => /"level":"(error|fatal)"/.test(line)));
    const { faults, repeats } = client;
    return {
      figures: `${deadlocks} deadlocks, ${faults.length} faults; ${repeats} requests were sent again`,
      broken: [
        ...(deadlocks > 0 ? [...equal('deadlocks', deadlocks, 0), ...none('who waited for whom', circles)] : []),
        ...none('answers that nobody should see', faults),
        ...(faults.length > 0
          ? none(
              'what the servers say to it',
              errors.slice(-ERRORS_SHOWN).map((line) => ({ line: line.slice(0, 600) })),
            )
          : []),
      ],
    };
  },
};
