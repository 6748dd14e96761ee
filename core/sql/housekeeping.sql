-- name: expired  ($1 now)
WITH sessions AS (
    DELETE FROM sessions WHERE expires_at < $1::timestamptz - interval '30 days' RETURNING 1
), tokens AS (
    DELETE FROM one_time_tokens WHERE expires_at < $1::timestamptz - interval '30 days' RETURNING 1
), answers AS (
    DELETE FROM idempotency_keys WHERE created_at < $1::timestamptz - interval '1 day' RETURNING 1
), receipts AS (
    DELETE FROM slack_receipts WHERE received_at < $1::timestamptz - interval '7 days' RETURNING 1
), job_log AS (
    DELETE FROM pgqueuer_log WHERE created < now() - interval '1 day' RETURNING 1
)
SELECT (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM tokens) AS tokens, (SELECT count(*) FROM answers) AS answers,
       (SELECT count(*) FROM receipts) AS receipts, (SELECT count(*) FROM job_log) AS job_log

-- name: old_counts  ($1 before)
DELETE FROM hourly_counts WHERE hour < $1

-- name: unreferenced  ($1 keys)
SELECT key FROM unnest($1::text[]) AS key
 WHERE NOT EXISTS (SELECT 1 FROM attachments a WHERE a.blob = key)
   AND NOT EXISTS (SELECT 1 FROM inbound_mails m WHERE m.blob = key)
