SELECT account_id, in_progress
FROM json_each(:account_ids) JOIN account_progress ON account_id = json_each.value
WHERE in_progress > 0
