/** What a job is read with, from `jobs j`. Neither what it works on nor where it stopped: events hold what is read here. */
export const JOB_COLUMNS = `j.id, j.kind, j.state, jsonb_build_object('done', j.done, 'total', j.total) AS progress, j.failure,
  j.problems, j.result, j.created_by AS "createdById", j.created_at AS "createdAt", j.started_at AS "startedAt",
  j.finished_at AS "finishedAt", j.version`;
