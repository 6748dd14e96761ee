-- name: database
SELECT 1
