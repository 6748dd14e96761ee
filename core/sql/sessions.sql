-- name: locked  ($1 token hash)
SELECT s.id, s.user_id, s.family, s.expires_at, s.spent_at, s.revoked_at, u.active
  FROM sessions s JOIN users u ON u.id = s.user_id
 WHERE s.token_hash = $1
   FOR UPDATE OF s

-- name: spend  ($1 session, $2 now)
UPDATE sessions SET spent_at = $2 WHERE id = $1

-- name: revoke_family_of  ($1 token hash, $2 now)
UPDATE sessions SET revoked_at = $2
 WHERE family IN (SELECT family FROM sessions WHERE token_hash = $1) AND revoked_at IS NULL

-- name: revoke_all  ($1 user, $2 now)
UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL
