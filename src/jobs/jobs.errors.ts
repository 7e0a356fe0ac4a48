import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';

/** Jobs that may wait or run at the same time. Each keeps its input, up to the limit of a request. */
export const MAX_JOBS = 100;

export class JobNotFound extends Refusal {
  constructor() {
    super(UserErrorCode.NOT_FOUND, 'There is no such job.', ['input', 'jobId']);
  }
}

export class JobIsOver extends Refusal {
  constructor() {
    super(UserErrorCode.ILLEGAL_TRANSITION, 'The job is over.', ['input', 'jobId']);
  }
}

export class TooManyJobs extends Refusal {
  constructor() {
    super(UserErrorCode.TOO_MANY_JOBS, `${MAX_JOBS} jobs are waiting. Try again when some of them are done.`);
  }
}

/** The job is another worker's by now, or was cancelled. Nobody is told: whoever has it goes on. */
export class JobLost extends Error {}
