-- name: held
SELECT job.id, job.entrypoint, job.payload, job.attempts, job.updated AS since,
       (SELECT log.traceback ->> 'exception_message' FROM pgqueuer_log log
         WHERE log.job_id = job.id AND log.traceback IS NOT NULL ORDER BY log.id DESC LIMIT 1) AS error
  FROM pgqueuer job
 WHERE job.status = 'failed'
 ORDER BY job.id
 LIMIT 500

-- name: retry  ($1 one job's id, or NULL for all); workers are woken as by a new job, for pgqueuer's own trigger keeps silent about updates
WITH again AS (
    UPDATE pgqueuer SET status = 'queued', attempts = 0, execute_after = now(), updated = now(), queue_manager_id = NULL
     WHERE status = 'failed' AND ($1::bigint IS NULL OR id = $1)
    RETURNING id
)
SELECT id, pg_notify('ch_pgqueuer', json_build_object('channel', 'ch_pgqueuer', 'operation', 'update', 'sent_at', now(), 'table', 'pgqueuer',
                                                      'type', 'table_changed_event')::text) AS woken
  FROM again

-- name: release  ($1 the run that had them, $2 jobs that are being done all the same): what it took and did not cross off waits again
UPDATE pgqueuer SET status = 'queued', execute_after = now(), updated = now(), queue_manager_id = NULL
 WHERE status = 'picked' AND queue_manager_id = $1 AND id <> ALL ($2::bigint[])

-- name: backlog
SELECT entrypoint, count(*)::int AS waiting,
       coalesce(extract(epoch FROM now() - min(execute_after) FILTER (WHERE execute_after < now())), 0)::float AS oldest
  FROM pgqueuer
 WHERE status = 'queued'
 GROUP BY entrypoint
