import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** CPU seconds (user and system) of a process by now, its ended children included; 0 when it is gone. @see proc_pid_stat(5) */
export function cpuOf(pid: number): number {
  const fields = statOf(pid);
  if (!fields) return 0;
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) / TICKS_PER_SECOND;
}

/** A process and those that it has started. */
export function familyOf(pid: number): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return [pid, ...all.filter((other) => parentOf(other) === pid)];
}

/** CPU seconds of a process and of those that it has started, by now. */
export function familyCpuOf(pid: number): number {
  return familyOf(pid).reduce((sum, member) => sum + cpuOf(member), 0);
}

/** Whether there is such a process. */
export function isRunning(pid: number): boolean {
  return statOf(pid) !== null;
}

/** Memory of a process that is in RAM, in bytes; 0 when it is gone. */
export function residentBytesOf(pid: number): number {
  return Number(statOf(pid)?.[21] ?? 0) * PAGE_BYTES;
}

/** How many sockets a process holds, whatever they are for. */
export function openSocketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((name) => targetOf(`${folder}/${name}`).startsWith('socket:')).length;
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

function parentOf(pid: number): number | null {
  const fields = statOf(pid);
  return fields ? Number(fields[1]) : null;
}

/** The fields of /proc/pid/stat behind the name; `null` when the process has ended. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
