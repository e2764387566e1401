"""The Tail screen: live records of a log group."""
