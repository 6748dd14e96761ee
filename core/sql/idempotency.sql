-- name: claim  ($1 user, $2 key): whether nobody else is answering under this key now; held until the transaction ends
SELECT pg_try_advisory_xact_lock(hashtextextended('idempotency:' || $1::bigint || ':' || $2::text, 0))

-- name: answer  ($1 user, $2 key, $3 oldest that still counts)
SELECT request_hash, status, headers, body FROM idempotency_keys WHERE user_id = $1 AND key = $2 AND created_at > $3

-- name: keep  ($1 user, $2 key, $3 request hash, $4 status, $5 headers, $6 body, $7 now)
INSERT INTO idempotency_keys (user_id, key, request_hash, status, headers, body, created_at)
VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7)
    ON CONFLICT (user_id, key) DO UPDATE
   SET request_hash = excluded.request_hash, status = excluded.status, headers = excluded.headers, body = excluded.body,
       created_at = excluded.created_at
