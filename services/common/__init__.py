"""What both services share: settings, logs, HTTP plumbing, connections."""
