-- From when a task was ready, where the called person's hours make it wait longer.
ALTER TABLE callback_task ADD COLUMN ready_at REAL;
