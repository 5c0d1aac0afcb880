-- name: pay
SELECT CAST(receivable_pay(:district, CAST(:items AS jsonb)) AS text);
