"""Ten of the suites' scenarios in plain pytest: a yardstick for the suites' speed, not a second suite."""
