-- Two servers that start at once migrate one after the other ("CWGT").
SELECT pg_advisory_xact_lock(1129793364)
