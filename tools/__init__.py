"""What make targets and pipelines run beside the tests."""
