-- name: finished
SELECT EXISTS (SELECT 1 FROM act WHERE idem_key = 'demo:finished');
