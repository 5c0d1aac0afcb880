-- name: verify_settings
-- The checks are few and large: memory for their hash tables, no compiler.
SELECT set_config('work_mem', '128MB', true) || set_config('jit', 'off', true);
