// The kernel's monotonic clock is the same one in all processes; asking it by hrtime for every message would cost too much.
const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Milliseconds on a clock that all processes of this machine share. */
export function now(): number {
  return performance.now() + offset;
}
