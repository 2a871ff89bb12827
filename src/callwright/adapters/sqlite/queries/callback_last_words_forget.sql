DELETE FROM call_last_word WHERE of_call = :call_uuid
