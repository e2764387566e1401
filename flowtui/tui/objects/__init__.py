"""The Logs screen: the S3 objects of a flow log, and loading them into the workspace."""
