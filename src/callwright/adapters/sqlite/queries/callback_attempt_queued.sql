UPDATE callback_attempt SET ref = :ref WHERE task_id = :task_id AND number = :number
