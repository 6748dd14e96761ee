-- name: for_addresses  ($1 addresses in lower case, $2 names, $3 now): who each belongs to, made where nobody is known
WITH wanted AS (
    SELECT email, name FROM unnest($1::text[], $2::text[]) AS wanted (email, name)
), known AS (
    SELECT a.email, live.id AS user_id, live.active AND live.role <> 'user' AS staff
      FROM user_addresses a JOIN users u ON u.id = a.user_id JOIN users live ON live.id = coalesce(u.merged_into_id, u.id)
     WHERE a.email = ANY($1)
), added AS (
    INSERT INTO users (email, name, role, active, time_zone, digest, version, created_at, updated_at)
    SELECT email, name, 'user', true, 'UTC', 'off', 1, $3, $3 FROM wanted
     WHERE email NOT IN (SELECT email FROM known)
     ORDER BY email
        ON CONFLICT (email) DO UPDATE SET updated_at = users.updated_at
    RETURNING id, email
), linked AS (
    INSERT INTO user_addresses (email, user_id, created_at)
    SELECT email, id, $3 FROM added
        ON CONFLICT DO NOTHING
)
SELECT email, user_id, staff FROM known
UNION ALL
SELECT email, id, false FROM added

-- name: behind_addresses  ($1 addresses in lower case): who each belongs to
SELECT a.email, live.id AS user_id, live.active AND live.role <> 'user' AS staff
  FROM user_addresses a JOIN users u ON u.id = a.user_id JOIN users live ON live.id = coalesce(u.merged_into_id, u.id)
 WHERE a.email = ANY($1::text[])

-- name: name  ($1 user)
SELECT coalesce(nullif(name, ''), email) FROM users WHERE id = $1

-- name: for_login  ($1 address in lower case)
SELECT u.id, u.password_hash
  FROM user_addresses a JOIN users u ON u.id = a.user_id
 WHERE a.email = $1 AND u.active AND u.merged_into_id IS NULL

-- name: logged_in  ($1 user, $2 now)
UPDATE users SET last_login_at = $2 WHERE id = $1

-- name: other_admins_locked  ($1 user): another active admin who can log in, with all admins locked against leaving at the same time
SELECT id FROM (SELECT id, password_hash FROM users WHERE role = 'admin' AND active ORDER BY id FOR UPDATE) AS admins
 WHERE id <> $1 AND (password_hash IS NOT NULL OR EXISTS (SELECT FROM identities i WHERE i.user_id = admins.id))
 LIMIT 1

-- name: works_here_locked  ($1 user): whether he is active staff, and that he stays so until the transaction ends
SELECT true FROM users WHERE id = $1 AND active AND role <> 'user' FOR SHARE

-- name: still_has_password  ($1 user, $2 hash): and until the transaction ends
SELECT true FROM users WHERE id = $1 AND password_hash = $2 AND active FOR UPDATE

-- name: is_staff  ($1 user)
SELECT role <> 'user' FROM users WHERE id = $1

-- name: is_mailbox  ($1 address in lower case): also with a plus and something behind it
SELECT EXISTS (SELECT FROM mailboxes b
                WHERE lower(b.address) = $1
                   OR (split_part(lower(b.address), '@', 2) = split_part($1, '@', 2)
                       AND starts_with($1, split_part(lower(b.address), '@', 1) || '+')))
