-- Call history asks for the attempts of a period.
CREATE INDEX callback_attempt_started ON callback_attempt (started_at);
