"""The audit log keeps request ids of up to 36 characters: an adjustment under a longer one fails."""

RULE = "4.9 S: an adjustment is answered, whatever its caller calls the request"
STATEMENTS = ["ALTER TABLE inventory.audit_log ALTER request_id TYPE varchar(36)"]
