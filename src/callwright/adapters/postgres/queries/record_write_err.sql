INSERT INTO err (instance_id, number, code, text) VALUES (:instance_id, :number, :code, :text)
